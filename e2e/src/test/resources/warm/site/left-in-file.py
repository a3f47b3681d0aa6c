#!/usr/bin/python3
# The same with a file of the disk: each request shows what the one before has left.
import os

print("Content-Type: text/plain\n")
path = os.path.join(os.environ["TMPDIR"], "left-in-file")
if os.path.exists(path):
    print(open(path).read())
    os.unlink(path)
out = open(path, "w")
out.write("x" * 3000)
out.write("\nthe end\n")
