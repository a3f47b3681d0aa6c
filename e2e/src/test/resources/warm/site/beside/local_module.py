"""Beside the script."""
import sys


def where():
    return __name__, sys.modules["__main__"].__name__


def fail():
    raise ValueError("in a module beside the script")


class Loud:
    def __del__(self):
        sys.stdout.write("a module's object goes\n")


loud = Loud()
