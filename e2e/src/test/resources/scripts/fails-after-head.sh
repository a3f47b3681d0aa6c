#!/bin/sh
# A whole answer and an exit status that is not zero: a script's own word, no crash.
printf 'Content-Type: text/plain\n\nwhole\n'
exit 3
