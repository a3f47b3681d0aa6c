#!/usr/bin/env python3
import os
import sys

print("Content-Type: text/plain\n")
print(sys.argv, __file__, sys.flags, sys.path[0], sys.executable)
