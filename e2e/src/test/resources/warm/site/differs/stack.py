#!/usr/bin/python3
# The keeper's frame is below the script's.
import sys
import traceback

print("Content-Type: text/plain\n")
print(sys._getframe().f_back is None, len(traceback.extract_stack()))
