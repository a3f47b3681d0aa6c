#!/usr/bin/python3
if True:
        print("blanks")
	print("a tab")
