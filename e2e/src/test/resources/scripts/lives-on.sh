#!/bin/sh
# Answers, closes stdout and works on until the file of that name is in $SCRATCH; then it complains and notes its end.
printf 'Content-Type: text/plain\n\nanswered\n'
exec >&-
while [ ! -e "$SCRATCH/$QUERY_STRING" ]; do sleep 0.02; done
echo "lives-on $QUERY_STRING: a word after the answer" >&2
: > "$SCRATCH/$QUERY_STRING.finished"
