#!/usr/bin/python3
# A child that has let go of its streams goes on by itself.
import os
import time

print("Content-Type: text/plain\n")
if os.fork() == 0:
    os.closerange(0, 3)
    time.sleep(0.2)
    os._exit(0)
print("parent is done")
