#!/usr/bin/python3
"""Runs a program several times over one listening Unix socket on descriptor 0, and nothing more.

    prefork.py SOCKET COUNT PROGRAM [ARGUMENT]...

What spawn-fcgi with multiwatch does. It stays until TERM, hands that on, and ends when one of the programs ends.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys


def main(path: str, count: str, *command: str) -> int:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chmod(path, 0o666)
    listener.listen(511)
    programs = [subprocess.Popen(command, stdin=listener, close_fds=True) for _ in range(int(count))]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        return programs[0].wait()
    finally:
        for program in programs:
            program.terminate()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
