#!/usr/bin/python3
# Shows the whole stack on standard error.
import logging

print("Content-Type: text/plain\n")
logging.error("bad %d arguments", "format")
