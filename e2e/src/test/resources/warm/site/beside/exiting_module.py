import atexit
import sys

atexit.register(print, "registered by the module")
sys.exit("the module has had enough")
