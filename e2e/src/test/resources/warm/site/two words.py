#!/usr/bin/python3
import sys

print("Content-Type: text/plain\n")
print(sys.argv, __file__, sys._getframe().f_code.co_filename)
1 / 0
