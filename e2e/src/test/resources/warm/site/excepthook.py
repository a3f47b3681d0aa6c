#!/usr/bin/python3
import os
import sys
import traceback


def own(kind, value, trace):
    print("own hook:", kind.__name__, value)
    print("".join(traceback.format_exception(kind, value, trace)))
    print(trace.tb_frame.f_code.co_name, trace.tb_lineno, trace.tb_next is not None)


def failing(kind, value, trace):
    raise TypeError("the hook fails, too")


def leaving(kind, value, trace):
    sys.exit(7)


def fail():
    raise ValueError("for the hook")


print("Content-Type: text/plain\n", flush=True)
query = os.environ["QUERY_STRING"]
print(sys.excepthook is sys.__excepthook__, flush=True)
if query == "own":
    sys.excepthook = own
elif query == "failing":
    sys.excepthook = failing
elif query == "leaving":
    sys.excepthook = leaving
elif query == "none":
    sys.excepthook = None
elif query == "deleted":
    del sys.excepthook
elif query == "exit":
    sys.excepthook = own
    sys.exit("not for the hook")
fail()
