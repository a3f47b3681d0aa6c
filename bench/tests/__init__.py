"""Tests of the parts that need no server; run them with `python3 -m unittest discover bench`."""
