#!/usr/bin/python3
# Imported before the script's folder is on the path.
import os

print("Content-Type: text/plain\n")
print(hasattr(os, "fork"))
