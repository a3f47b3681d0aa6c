"""What a program needs that takes the place of a keeper; what it does stands below, and differs from test to test."""

import os
import signal
import socket
import struct
import sys
import time

channel = socket.socket(fileno=os.dup(0))


def say(*lines):
    for line in lines:
        channel.sendall(line.encode("latin-1") + b"\n")


def exactly(count, descriptors):
    data = b""
    while len(data) < count:
        piece, extra, _, _ = channel.recvmsg(count - len(data), socket.CMSG_SPACE(32))
        for _, _, content in extra:
            descriptors += struct.unpack("%di" % (len(content) // 4), content)
        if not piece:
            os._exit(0)
        data += piece
    return data


def receive():
    """The fields of the next message, and its descriptors."""
    descriptors = []
    length = struct.unpack(">I", exactly(4, descriptors))[0]
    return exactly(length, descriptors).split(b"\0"), descriptors


def request():
    """The number of the next request and its descriptors; what else comes is not heard."""
    while True:
        fields, descriptors = receive()
        if fields[0] == b"run":
            return fields[1].decode(), descriptors


def close(descriptors):
    for fd in descriptors:
        os.close(fd)


def answer(descriptors, text="lied\n"):
    """Answers a request without a process of its own."""
    os.write(descriptors[1], b"Content-Type: text/plain\n\n" + text.encode())
    close(descriptors)


def nap():
    """Says nothing until it is ended."""
    while True:
        time.sleep(1000)
