#!/bin/sh
# Prints "first", then "second" once the file of that name (the query) is in $SCRATCH. Reads no body.
printf 'Content-Type: text/plain\n\nfirst\n'
: > "$SCRATCH/$QUERY_STRING.started"
while [ ! -e "$SCRATCH/$QUERY_STRING" ]; do sleep 0.02; done
printf 'second\n'
: > "$SCRATCH/$QUERY_STRING.finished"
