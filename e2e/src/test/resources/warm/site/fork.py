#!/usr/bin/python3
import atexit
import os
import sys

print("Content-Type: text/plain\n", flush=True)
atexit.register(lambda: print("atexit in", "child" if os.getpid() != parent else "parent", flush=True))
parent = os.getpid()
child = os.fork()
if child:
    print("child ended with", os.waitpid(child, 0)[1] >> 8, flush=True)
else:
    print("in the child, parent", os.getppid() == parent, flush=True)
    if os.environ["QUERY_STRING"] == "raw":
        os._exit(3)
    sys.exit(4)
