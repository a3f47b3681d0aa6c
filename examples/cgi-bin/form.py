#!/usr/bin/env python3
"""Reads a form by GET and by POST, without the cgi module that Python 3.13 removed."""

import html
import os
import sys
from urllib.parse import parse_qs

MAX_FORM = 100_000

PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>A form</title>
<body style="font:18px/1.6 system-ui,sans-serif;max-width:38rem;margin:3rem auto;padding:0 1rem">
<h1>A form</h1>
<form method="{method}">
<p><label>Name<br><input name="name" value="{name}"></label></p>
<p><label>Colours<br><select name="colour" multiple>
<option>red<option>green<option>blue</select></label></p>
<p><button>Send by {method}</button> <a href="?method={other}">by {other} instead</a></p>
</form>
{fields}
<p><a href="./">All examples</a></p>
"""


def answer(status, text):
    # The page is UTF-8 whatever the locale is; header first, then an empty line.
    head = "Status: %s\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" % status
    sys.stdout.buffer.write(head.encode("ascii") + text.encode("utf-8", "replace"))


def read_form():
    if os.environ.get("REQUEST_METHOD") == "POST":
        length = int(os.environ.get("CONTENT_LENGTH") or 0)
        if length > MAX_FORM:
            return None
        text = sys.stdin.buffer.read(length).decode("utf-8", "replace")
    else:
        text = os.environ.get("QUERY_STRING", "")
    return parse_qs(text, keep_blank_values=True)


def main():
    form = read_form()
    if form is None:
        answer("413 Content Too Large", "<p>That is more than a form.")
        return
    query = parse_qs(os.environ.get("QUERY_STRING", ""))
    posted = os.environ.get("REQUEST_METHOD") == "POST"
    method = "post" if posted or query.get("method") == ["post"] else "get"
    rows = "".join(
        "<li><b>%s</b>: %s" % (html.escape(key), html.escape(", ".join(values)))
        for key, values in sorted(form.items())
        if key != "method"
    )
    answer("200 OK", PAGE.format(
        method=method,
        other="get" if method == "post" else "post",
        name=html.escape(form.get("name", [""])[0]),
        fields="<h2>What arrived</h2><ul>%s</ul>" % rows if rows else "",
    ))


main()
