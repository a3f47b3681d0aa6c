#!/usr/bin/python3
import cgitb
import os

cgitb.enable(display=os.environ["QUERY_STRING"] != "hidden", context=3)


def inner(number, text="<b>"):
    local = [number, text]
    return local[number]


def outer(value):
    return inner(value * 2)


print("Content-Type: text/html\n")
if os.environ["QUERY_STRING"] == "text":
    cgitb.enable(format="text")
if os.environ["QUERY_STRING"] == "handler":
    try:
        outer(1)
    except IndexError:
        cgitb.handler()
else:
    outer(3)
