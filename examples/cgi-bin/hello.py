#!/usr/bin/env python3
"""Greets you: the shortest script worth reading."""

import html
import os
import sys
from datetime import datetime

name = os.environ.get("REMOTE_ADDR", "stranger")
now = datetime.now().strftime("%A, %H:%M:%S")
version = ".".join(str(part) for part in sys.version_info[:3])

print("Content-Type: text/html; charset=utf-8")
print()
print(f"""<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Hello</title>
<body style="font:18px/1.6 system-ui,sans-serif;max-width:38rem;margin:3rem auto;padding:0 1rem">
<h1>Hello, {html.escape(name)}!</h1>
<p>It is {now}. This page was printed by Python {version}, process {os.getpid()},
which has ended by now. Reload, and another one answers.</p>
<p><a href="./">All examples</a></p>""")
