#!/usr/bin/python3
import os
import sys

import neighbour

print("Content-Type: text/plain\n")
print(sys.argv, __file__, sys.path[0] == os.path.dirname(os.path.realpath(__file__)), neighbour.NAME, os.getcwd())
raise ValueError("through a link")
