#!/usr/bin/python3
import os
import sys


class Odd(SystemExit):
    pass


class Mute:
    def __str__(self):
        raise RuntimeError("has no text")


class Number(int):
    pass


CODES = {
    "zero": 0,
    "three": 3,
    "minus": -1,
    "large": 263,
    "huge": 2**70,
    "true": True,
    "none": None,
    "text": "a last word: gr\u00fc\u00dfe",
    "empty": "",
    "float": 2.5,
    "tuple": (1, "two"),
    "bytes": b"bytes",
    "mute": Mute(),
    "number": Number(9),
}
print("Content-Type: text/plain\n")
query = os.environ["QUERY_STRING"]
print(query)
if query == "bare":
    sys.exit()
if query == "subclass":
    raise Odd(4)
if query == "two":
    raise SystemExit(1, 2)
if query == "class":
    raise SystemExit
if query == "finally":
    try:
        sys.exit(5)
    finally:
        print("finally")
if query == "caught":
    try:
        sys.exit(6)
    except SystemExit as end:
        print("caught", end.code)
elif query == "quit":
    quit(8)
elif query == "exit":
    exit("said by exit()")
elif query == "thread":
    import threading

    thread = threading.Thread(target=sys.exit, args=(10,))
    thread.start()
    thread.join()
elif query == "no-stderr":
    sys.stderr = None
    sys.exit("past sys.stderr: \u00e4")
elif query == "closed-stderr":
    sys.stderr.close()
    sys.exit("not to be seen")
elif query == "from":
    try:
        raise ValueError("first")
    except ValueError as error:
        raise SystemExit("because") from error
else:
    sys.exit(CODES[query])
