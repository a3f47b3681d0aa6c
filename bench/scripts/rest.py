#!/usr/bin/python3
"""The form of form.py that has read its fields, and waits before it ends."""

import warnings

warnings.simplefilter("ignore")

import cgi
import html
import json
import sys
import time

form = cgi.FieldStorage()
name = form.getfirst("name", "nobody")

print("Content-Type: text/plain\n")
print(html.escape(json.dumps({"name": name})))
sys.stdout.flush()
time.sleep(2)
