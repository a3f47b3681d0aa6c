#!/usr/bin/python3
# What is in the buffer at a fork comes out twice.
import os

print("Content-Type: text/plain\n")
print("twice")
if os.fork() == 0:
    print("child")
else:
    os.wait()
    print("parent")
