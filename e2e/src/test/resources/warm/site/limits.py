#!/usr/bin/python3
import os
import resource
import signal
import sys

print("Content-Type: text/plain\n", flush=True)
query = os.environ["QUERY_STRING"]
if query == "files":
    opened = []
    try:
        while True:
            opened.append(os.open("/dev/null", os.O_RDONLY))
    except OSError as error:
        print(len(opened), error)
elif query == "size":
    path = os.path.join(os.environ["TMPDIR"], "large%d" % os.getpid())
    file = os.open(path, os.O_WRONLY | os.O_CREAT)
    os.unlink(path)
    try:
        while True:
            os.write(file, bytes(1 << 20))
    except OSError as error:
        print(os.fstat(file).st_size, error)
elif query == "cpu":
    resource.setrlimit(resource.RLIMIT_CPU, (1, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    while True:
        pass
elif query == "memory":
    # More than there can be, so that nothing of it is ever taken.
    [0] * (1 << 59)
