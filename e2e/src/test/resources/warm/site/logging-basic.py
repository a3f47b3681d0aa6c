#!/usr/bin/python3
import logging

print("Content-Type: text/plain\n")
logging.basicConfig(format="%(levelname)s:%(message)s", level=logging.INFO)
logging.info("configured")
logging.basicConfig(format="not used", level=logging.DEBUG)
logging.debug("not shown")
logging.captureWarnings(True)
import warnings

warnings.warn("through logging")
print(logging.getLogger("py.warnings").handlers)
