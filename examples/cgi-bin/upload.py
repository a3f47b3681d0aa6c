#!/usr/bin/env python3
"""Takes a file of any size and tells its length and SHA-256, holding only one block of it in memory."""

import hashlib
import html
import os
import sys
from email.message import Message

BLOCK = 64 * 1024

FORM = """<form method="post" enctype="multipart/form-data">
<p><input type="file" name="file" required> <button>Upload</button></p>
</form>
"""


class BadUpload(Exception):
    """What was sent is no multipart form with a file in it."""


class Parts:
    """The parts of a multipart/form-data body (RFC 7578), read from a stream, each as a run of blocks."""

    def __init__(self, stream, boundary):
        self.stream = stream
        self.delimiter = b"\r\n--" + boundary
        self.buffer = b"\r\n"  # so that the first delimiter looks like the others

    def fill(self):
        block = self.stream.read(BLOCK)
        if not block:
            raise BadUpload("the body ends in the middle of a part")
        self.buffer += block

    def until(self, mark):
        """Yields what stands before the next mark, and takes the mark."""
        while True:
            at = self.buffer.find(mark)
            if at >= 0:
                yield self.buffer[:at]
                self.buffer = self.buffer[at + len(mark):]
                return
            keep = len(mark) - 1
            if len(self.buffer) > keep:
                yield self.buffer[:-keep]
                self.buffer = self.buffer[-keep:]
            self.fill()

    def next(self):
        """The header of the next part, or None behind the last; the part before must have been read."""
        while len(self.buffer) < 2:
            self.fill()
        if self.buffer.startswith(b"--"):
            return None
        head = b""
        for piece in self.until(b"\r\n\r\n"):
            head += piece
            if len(head) > BLOCK:
                raise BadUpload("a part with an endless header")
        return head.decode("utf-8", "replace")


def header(text, name):
    """One header field, parsed by the email package."""
    message = Message()
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key.strip().lower() == name:
            message[name] = value.strip()
    return message


def describe():
    kind = Message()
    kind["content-type"] = os.environ.get("CONTENT_TYPE", "")
    boundary = kind.get_param("boundary")
    if kind.get_content_type() != "multipart/form-data" or not boundary:
        raise BadUpload("not a multipart/form-data form")
    parts = Parts(sys.stdin.buffer, str(boundary).encode("latin-1", "replace"))
    for _ in parts.until(parts.delimiter):
        pass
    rows = ""
    while True:
        head = parts.next()
        if head is None:
            return rows
        name = header(head, "content-disposition").get_param("filename", "", "content-disposition")
        size, digest = 0, hashlib.sha256()
        for piece in parts.until(parts.delimiter):
            size += len(piece)
            digest.update(piece)
        if name:
            rows += "<li><b>%s</b>: %d bytes<br><code style='overflow-wrap:anywhere'>%s</code>" % (
                html.escape(str(name)), size, digest.hexdigest())


def main():
    status, body = "200 OK", ""
    if os.environ.get("REQUEST_METHOD") == "POST":
        try:
            body = "<ul>%s</ul>" % describe()
        except BadUpload as problem:
            status, body = "400 Bad Request", "<p>%s</p>" % html.escape(str(problem))
    page = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Upload</title>
<body style="font:18px/1.6 system-ui,sans-serif;max-width:38rem;margin:3rem auto;padding:0 1rem">
<h1>Upload</h1>
%s%s<p><a href="./">All examples</a></p>
""" % (body, FORM)
    head = "Status: %s\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" % status
    sys.stdout.buffer.write(head.encode("ascii") + page.encode("utf-8", "replace"))


main()
