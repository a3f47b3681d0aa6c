"""Says whether a file would be understood by the first Python that it must run on: syntax.py FILE MAJOR MINOR."""

import ast
import sys


def main(file, major, minor):
    with open(file, encoding="utf-8") as source:
        text = source.read()
    ast.parse(text, file, feature_version=(int(major), int(minor)))
    print("understood")


main(*sys.argv[1:])
