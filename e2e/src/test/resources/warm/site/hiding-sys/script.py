#!/usr/bin/python3
# Built into the interpreter: nothing beside the script hides these.
import sys
import time

print("Content-Type: text/plain\n")
print(hasattr(sys, "argv"), hasattr(time, "sleep"))
