#!/usr/bin/env python3
"""A guest book in SQLite: writes by POST, then redirects, so that a reload does not write twice."""

import html
import os
import sqlite3
import sys
import tempfile
from datetime import datetime, timezone
from urllib.parse import parse_qs, quote

MAX_FORM = 20_000


def folder():
    """A private folder of this user: the scripts' own folder need not be writable."""
    base = os.environ.get("GUESTBOOK_DIR")
    if not base:
        base = os.path.join(tempfile.gettempdir(), "cgi-fpm-guestbook-%d" % os.getuid())
    os.makedirs(base, mode=0o700, exist_ok=True)
    # In a folder where everybody may write, somebody else could have made it first.
    if os.lstat(base).st_uid != os.getuid() or os.path.islink(base):
        raise PermissionError("%s belongs to somebody else" % base)
    return base


def open_book():
    book = sqlite3.connect(os.path.join(folder(), "guestbook.sqlite3"), timeout=10)
    book.execute("CREATE TABLE IF NOT EXISTS entry (written TEXT, name TEXT, words TEXT)")
    return book


def send(head, page=""):
    sys.stdout.buffer.write(("\r\n".join(head) + "\r\n\r\n").encode("ascii"))
    sys.stdout.buffer.write(page.encode("utf-8", "replace"))


def write(book):
    length = int(os.environ.get("CONTENT_LENGTH") or 0)
    if length > MAX_FORM:
        send(["Status: 413 Content Too Large", "Content-Type: text/plain"], "That is a book of its own.\n")
        return
    form = parse_qs(sys.stdin.buffer.read(length).decode("utf-8", "replace"))
    name = form.get("name", [""])[0].strip()[:80]
    words = form.get("words", [""])[0].strip()[:2000]
    if name and words:
        now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M")
        with book:
            book.execute("INSERT INTO entry VALUES (?, ?, ?)", (now, name, words))
    # Every browser then loads the page by GET.
    here = quote(os.environ.get("SCRIPT_NAME") or "/")
    send(["Status: 303 See Other", "Location: " + here, "Content-Type: text/plain"])


def show(book):
    rows = book.execute("SELECT written, name, words FROM entry ORDER BY rowid DESC LIMIT 50")
    entries = "".join(
        "<p><b>%s</b> <small>%s UTC</small><br>%s</p>" % tuple(html.escape(part) for part in (name, written, words))
        for written, name, words in rows
    )
    send(["Content-Type: text/html; charset=utf-8"], """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Guest book</title>
<body style="font:18px/1.6 system-ui,sans-serif;max-width:38rem;margin:3rem auto;padding:0 1rem">
<h1>Guest book</h1>
<form method="post">
<p><label>Your name<br><input name="name" maxlength="80" required></label></p>
<p><label>Your words<br><textarea name="words" rows="3" cols="40" maxlength="2000" required></textarea></label></p>
<p><button>Sign</button></p>
</form>
%s
<p><a href="./">All examples</a></p>
""" % (entries or "<p>Be the first.</p>"))


def main():
    book = open_book()
    try:
        if os.environ.get("REQUEST_METHOD") == "POST":
            write(book)
        else:
            show(book)
    finally:
        book.close()


main()
