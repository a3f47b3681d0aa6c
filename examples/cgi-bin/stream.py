#!/usr/bin/env python3
"""Counts to ten, one number a second: each line reaches you when it is printed."""

import os
import sys
import time
from urllib.parse import parse_qs

PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Streaming</title>
<body style="font:18px/1.6 system-ui,sans-serif;max-width:38rem;margin:3rem auto;padding:0 1rem">
<h1>Streaming</h1>
<p id="count" style="font-size:3rem;margin:0">…</p>
<p><a href="./">All examples</a></p>
<script>
const events = new EventSource("?events");
events.onmessage = event => { document.getElementById("count").textContent = event.data; };
events.addEventListener("end", () => events.close());
</script>
"""


def say(text):
    # Without the flush, the bytes wait in the script until it ends.
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def main():
    query = os.environ.get("QUERY_STRING", "")
    if not query.startswith("events"):
        say("Content-Type: text/html; charset=utf-8\r\n\r\n" + PAGE)
        return
    delay = min(float(parse_qs(query).get("delay", ["1"])[0]), 5)
    # nginx collects a response unless it is told not to.
    say("Content-Type: text/event-stream\r\nCache-Control: no-store\r\nX-Accel-Buffering: no\r\n\r\n")
    for number in range(1, 11):
        say("data: %d\n\n" % number)
        time.sleep(delay)
    say("event: end\ndata: done\n\n")


main()
