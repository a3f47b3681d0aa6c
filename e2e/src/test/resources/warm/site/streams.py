#!/usr/bin/python3
import os
import sys

print("Content-Type: text/plain\n")
for name in ("stdin", "stdout", "stderr"):
    stream = getattr(sys, name)
    print(name, stream is getattr(sys, "__%s__" % name))
    for attribute in ("name", "mode", "encoding", "errors", "newlines", "line_buffering", "write_through", "closed"):
        print("   ", attribute, repr(getattr(stream, attribute, "-")))
    for method in ("fileno", "isatty", "readable", "writable", "seekable"):
        print("   ", method, getattr(stream, method)())
    print("   ", type(stream), type(stream.buffer), type(getattr(stream.buffer, "raw", None)))
    raw = getattr(stream.buffer, "raw", stream.buffer)
    print("   ", repr(raw.name), raw.mode, raw.closefd, repr(stream))
    print("   ", os.get_blocking(stream.fileno()), os.get_inheritable(stream.fileno()))
    print("   ", sorted(vars(stream)))
