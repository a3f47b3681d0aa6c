#!/usr/bin/python3
print("Content-Type: text/plain\n")
größe = "ä€"; raise ValueError(größe)
