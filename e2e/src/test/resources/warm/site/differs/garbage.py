#!/usr/bin/python3
import gc
import warnings

print("Content-Type: text/plain\n")
warnings.simplefilter("default")
gc.garbage.append("not collected")
