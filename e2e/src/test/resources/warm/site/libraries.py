#!/usr/bin/python3
import base64
import bisect
import calendar
import collections
import csv
import datetime
import difflib
import email.message
import email.parser
import functools
import glob
import hashlib
import heapq
import hmac
import http.cookies
import io
import itertools
import math
import operator
import pathlib
import re
import shutil
import statistics
import string
import struct
import textwrap
import urllib.request
import xml.etree.ElementTree
import zlib

print("Content-Type: text/plain\n")
cookie = http.cookies.SimpleCookie("a=1; b=2")
print(cookie["a"].value, cookie.output())
message = email.message.EmailMessage()
message["Subject"] = "gr\u00fc\u00dfe"
message.set_content("text")
print(message.as_string())
print(email.parser.Parser().parsestr("From: a@b.example\n\nx")["from"])
print(hashlib.sha256(b"x").hexdigest(), hmac.new(b"k", b"m", "md5").hexdigest(), zlib.crc32(b"x"), base64.b64encode(b"x"))
print(xml.etree.ElementTree.tostring(xml.etree.ElementTree.fromstring("<a><b c='d'/></a>")))
print(calendar.month(2024, 2), datetime.date(2024, 2, 29).strftime("%A %d %B"), re.sub(r"(\w)", r"\1\1", "ab"))
out = io.StringIO()
csv.writer(out).writerow(["a", 'b"c', 1])
print(out.getvalue(), string.Template("$a").substitute(a=1), textwrap.wrap("a b c d", 3), struct.pack("<I", 5))
print(statistics.mean([1, 2]), math.pi, list(itertools.chain("ab", "c")), functools.reduce(operator.add, [1, 2]))
print(pathlib.Path("a/../b").name, sorted(glob.glob("libraries.p*")), heapq.nsmallest(1, [3, 2]), bisect.bisect([1, 2], 1))
print(list(difflib.unified_diff(["a"], ["b"])), collections.Counter("aab").most_common(), shutil.which("sh"))
print(urllib.request.Request("http://test.example/x?y").selector)
