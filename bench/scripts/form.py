#!/usr/bin/python3
"""A form as CGI scripts have been written for twenty years: read the fields, show them again, escaped."""

import warnings

warnings.simplefilter("ignore")  # Python 3.11 and 3.12 announce the end of cgi on stderr, once per request

import cgi
import html
import json

form = cgi.FieldStorage()
name = form.getfirst("name", "nobody")
colours = form.getlist("colour")

print("Content-Type: text/html; charset=utf-8")
print()
print("<!DOCTYPE html>")
print("<title>Guests</title>")
print(f"<p>Hello, {html.escape(name)}!</p>")
print("<ul>")
for colour in colours:
    print(f"<li>{html.escape(colour)}</li>")
print("</ul>")
print(f"<!-- {html.escape(json.dumps({'name': name, 'colours': colours}))} -->")
