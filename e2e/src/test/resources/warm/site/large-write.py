#!/usr/bin/python3
import sys

sys.stdout.write("Content-Type: text/plain\n\n" + "0123456789abcdef" * 200000)
