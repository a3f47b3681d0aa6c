#!/usr/bin/python3
print("Content-Type: text/plain\n")
value = dict(
    one=1,
    two=[
        2,
        int("not a number"),
    ],
)
