#!/usr/bin/python3
# What os.listdir() gives for a file name that is not UTF-8: it depends on the locale whether it can be printed.
print("Content-Type: text/plain\n", flush=True)
print("name \udcff.txt")
