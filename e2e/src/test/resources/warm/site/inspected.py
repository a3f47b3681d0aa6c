#!/usr/bin/python3
import inspect
import linecache
import sys

print("Content-Type: text/plain\n")


def function(a, b=2, *rest, key: int = 3):
    # a comment within
    return a


class Outer:
    """The class."""

    def method(self):
        return "text"


print(inspect.getsource(function), inspect.getsource(Outer.method), inspect.getsource(Outer))
print(inspect.getfile(function), inspect.getsourcefile(Outer), inspect.getmodule(function))
print(inspect.signature(function), inspect.getdoc(Outer), inspect.getcomments(function))
print(linecache.getline(__file__, 2), len(inspect.getsource(sys.modules["__main__"])))
print(inspect.currentframe().f_lineno, inspect.getmodulename(__file__))
