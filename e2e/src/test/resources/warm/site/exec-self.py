#!/usr/bin/python3
import os
import sys

if os.environ.get("SECOND"):
    print("the second time", sys.argv, __file__)
    sys.exit(3)
print("Content-Type: text/plain\n", flush=True)
os.environ["SECOND"] = "1"
os.execv(__file__, [__file__, "more"])
