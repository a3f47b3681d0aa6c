#!/usr/bin/python3
# Files that nobody closes: what was written to them must come out at the end. Each is a copy of descriptor 1.
import os
import sys

print("Content-Type: text/plain\n", flush=True)


def copy():
    return open(os.dup(1), "w")


query = os.environ["QUERY_STRING"]
if query == "global":
    file = copy()
    file.write("from a global\n")
elif query == "cycle":

    class Node:
        pass

    node = Node()
    node.self = node
    node.file = copy()
    node.file.write("from a cycle\n")
    del node
elif query == "module":
    import types

    sys.modules["made_up"] = types.ModuleType("made_up")
    sys.modules["made_up"].file = copy()
    sys.modules["made_up"].file.write("from a module\n")
elif query == "preloaded":
    import json

    json.file = copy()
    json.file.write("from a module that was there\n")
elif query == "builtins":
    import builtins

    builtins.file = copy()
    builtins.file.write("from builtins\n")
elif query == "class":

    class Holder:
        file = copy()

    Holder.file.write("from a class\n")
elif query == "default":

    def function(file=copy()):
        return file

    function().write("from a default argument\n")
elif query == "generator":

    def numbers():
        file = copy()
        file.write("from a generator\n")
        try:
            yield 1
        finally:
            file.write("and its end\n")

    generator = numbers()
    print(next(generator), flush=True)
elif query == "closure":

    def make():
        file = copy()
        return lambda text: file.write(text)

    write = make()
    write("from a closure\n")
elif query == "thread":
    import threading

    local = threading.local()
    local.file = copy()
    local.file.write("from a thread's own\n")
elif query == "frame":

    def fail():
        file = copy()
        file.write("from a frame of the traceback\n")
        raise ValueError("with a file")

    fail()
elif query == "exit":

    def leave():
        file = copy()
        file.write("from a frame of sys.exit\n")
        sys.exit(3)

    leave()
elif query == "bytes":
    file = open(os.dup(1), "wb")
    file.write(b"binary\n")
elif query == "atexit":
    import atexit

    file = copy()
    atexit.register(file.write, "by atexit\n")
elif query == "system":
    sys.file = copy()
    sys.file.write("from sys\n")
elif query == "path-hook":
    sys.meta_path.append(copy())
    sys.meta_path[-1].write("from sys.meta_path\n")
elif query == "replaced":
    sys.stdout = copy()
    print("from the new sys.stdout")
elif query == "interned":
    held = [copy()]
    held[0].write("from a list\n")
    held.append(held)
elif query == "csv":
    import csv

    writer = csv.writer(copy())
    writer.writerow([1, "two"])
elif query == "gzip":
    import gzip

    file = gzip.GzipFile(fileobj=open(os.dup(1), "wb"), mode="wb", mtime=0)
    file.write(b"gzip")
    file.flush()
