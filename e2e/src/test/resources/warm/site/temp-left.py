#!/usr/bin/python3
# Asked twice: the second request finds whether the first one's folder went with it.
import os
import sys
import tempfile
import weakref

print("Content-Type: text/plain\n")
base = os.path.join(os.environ["TMPDIR"], "left")
os.makedirs(base, exist_ok=True)
print(os.listdir(base))
folder = tempfile.TemporaryDirectory(dir=base)
open(os.path.join(folder.name, "x"), "w").close()
file = tempfile.NamedTemporaryFile(dir=base)


class Thing:
    pass


thing = Thing()
weakref.finalize(thing, print, "finalized")
if os.environ["QUERY_STRING"] == "fails":
    raise ValueError("all the same")
