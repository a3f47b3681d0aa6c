#!/usr/bin/python3
print("Content-Type: text/plain\n", flush=True)
import broken_module
