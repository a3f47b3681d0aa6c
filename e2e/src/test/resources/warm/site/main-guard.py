#!/usr/bin/python3
"""Only when it is the program."""


def main():
    print("Content-Type: text/plain\n")
    print(__name__, __doc__, main.__module__, main.__qualname__)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
