#!/usr/bin/python3
import logging
import logging.handlers
import sys

print("Content-Type: text/plain\n")
print(logging.getLogger().handlers, logging.getLogger().level, logging.root.manager.disable, logging.lastResort)
logging.warning("the last resort makes a handler")
print(len(logging.getLogger().handlers))
log = logging.getLogger("mine.inner")
log.setLevel(logging.DEBUG)
log.debug("debug %s", "not shown by the root handler?")
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(module)s:%(lineno)d %(funcName)s %(threadName)s %(processName)s %(message)s"))
log.addHandler(handler)


def f():
    log.info("from a function")
    try:
        1 / 0
    except ZeroDivisionError:
        log.exception("with a traceback")


f()
memory = logging.handlers.MemoryHandler(100, target=handler)
logging.getLogger("memory").addHandler(memory)
logging.getLogger("memory").warning("flushed when logging shuts down")
print(sorted(logging.root.manager.loggerDict))
