#!/usr/bin/python3
import cgi
import os

print("Content-Type: text/plain\n")
path = os.path.join(os.environ["TMPDIR"], "cgi.log")
if os.path.exists(path):
    os.unlink(path)
cgi.logfile = path
cgi.log("%s and %d", "one", 2)
cgi.log("another")
cgi.closelog()
print(open(path).read())
