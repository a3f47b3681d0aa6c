#!/usr/bin/python3
import faulthandler
import sys

print("Content-Type: text/plain\n")
faulthandler.dump_traceback(sys.stderr, all_threads=False)
