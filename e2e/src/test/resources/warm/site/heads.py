#!/usr/bin/python3
import os

query = os.environ["QUERY_STRING"]
if query == "404":
    print("Status: 404 Not here\nContent-Type: text/plain\n\nnowhere")
elif query == "location":
    print("Status: 302 Found\nLocation: http://other.example/x\n")
elif query == "cookies":
    print("Set-Cookie: a=1\nSet-Cookie: b=2\nX-Odd:   blanks  \nContent-Type: text/html; charset=latin-1\n\n<p>")
elif query == "crlf":
    print("Content-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc", end="")
elif query == "none":
    print("this is no head")
elif query == "half":
    print("Content-Type: text/plain")
