#!/usr/bin/python3
raise RuntimeError("before anything was said")
