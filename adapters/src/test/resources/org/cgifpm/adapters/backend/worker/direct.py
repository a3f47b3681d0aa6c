#!/usr/bin/python3 -SE
"""Accepts connections on its standard input and answers one line each: what to do first, then its own number.

Each start and each connection is a line of the file "log" in its folder.
"""
import os
import signal
import socket
import sys
import time


def log(*words):
    fd = os.open("log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(fd, (" ".join(str(word) for word in words) + "\n").encode())
    os.close(fd)


def wait_for(name):
    while not os.path.exists(name):
        time.sleep(0.01)


def main():
    log("start", os.getpid())
    if os.path.exists("broken"):
        sys.exit(3)
    if "deaf" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    listener = socket.socket(fileno=os.dup(0))
    listener.setblocking(True)
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            sys.exit(1)
        log("accept", os.getpid())
        action, _, argument = connection.makefile().readline().strip().partition(":")
        if action == "sleep":
            time.sleep(float(argument))
        elif action == "wait":
            wait_for(argument)
        elif action == "work":
            while not os.path.exists(argument):
                pass
        connection.sendall(str(os.getpid()).encode())
        connection.close()


main()
