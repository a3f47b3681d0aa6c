#!/usr/bin/python3
import pydoc

print("Content-Type: text/plain\n")


def function(a):
    """What it does."""


help(function)
help("abs")
print(pydoc.render_doc(function, renderer=pydoc.plaintext))
