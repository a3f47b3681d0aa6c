#!/usr/bin/python3
import sys
import warnings

print("Content-Type: text/plain\n")
print(sys.warnoptions)
warnings.warn("a user's")
for _ in range(3):
    warnings.warn("only once a place", RuntimeWarning)
warnings.warn("shown in the main program", DeprecationWarning)
warnings.warn("not shown", PendingDeprecationWarning)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warnings.warn("caught")
    print(len(caught), caught[0].filename, caught[0].lineno)
open("/dev/null")
warnings.simplefilter("error")
warnings.warn("an error now")
