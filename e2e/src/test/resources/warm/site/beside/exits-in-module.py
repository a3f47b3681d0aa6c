#!/usr/bin/python3
print("Content-Type: text/plain\n", flush=True)
import exiting_module

print("never reached")
