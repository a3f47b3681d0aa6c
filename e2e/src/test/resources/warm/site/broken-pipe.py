#!/usr/bin/python3
# A pipe that nobody reads any more stands in for a client that has gone.
import os
import signal
import sys

print("Content-Type: text/plain\n")
print("so far", flush=True)
query = os.environ["QUERY_STRING"]
if query == "default":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
read, write = os.pipe()
kept = os.dup(1)
os.dup2(write, 1)
os.close(write)
os.close(read)
print("into nothing")
if query == "caught":
    try:
        sys.stdout.flush()
    except BrokenPipeError as error:
        os.write(kept, b"%d\n" % error.errno)
        os.dup2(kept, 1)
elif query != "exit":
    sys.stdout.flush()
