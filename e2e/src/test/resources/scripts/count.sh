#!/bin/sh
# Reads the body to its end and says how many bytes it had.
printf 'Content-Type: text/plain\n\n'
exec wc -c
