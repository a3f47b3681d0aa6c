#!/usr/bin/python3
import cgi
import html
import os
import sys
import urllib.parse

print("Content-Type: text/html\n")
print(cgi.parse(keep_blank_values=True))
print(cgi.parse_header('form-data; name="a b"; filename="x;y"'))
print(urllib.parse.parse_qsl(os.environ["QUERY_STRING"]), html.escape("<a href='x'>"))
cgi.print_directory()
cgi.print_form({"a": "<b>"})
print(cgi.maxlen, cgi.logfile, cgi.logfp)
print(sys.modules["cgi"].__file__)
