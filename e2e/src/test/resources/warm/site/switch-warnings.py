#!/usr/bin/python3 -Werror
import sys
import warnings

print("Content-Type: text/plain\n", flush=True)
print(sys.warnoptions)
warnings.warn("an error here")
