#!/usr/bin/python3
text = """never
ends
