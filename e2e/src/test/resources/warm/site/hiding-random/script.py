#!/usr/bin/python3
# A module beside the script hides what a module of the library imports.
import tempfile

print("Content-Type: text/plain\n")
print(tempfile.gettempprefix())
