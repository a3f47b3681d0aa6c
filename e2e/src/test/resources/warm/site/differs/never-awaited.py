#!/usr/bin/python3
async def left():
    pass


print("Content-Type: text/plain\n")
coroutine = left()
