#!/bin/sh
# Says nothing at all before the file of that name (the query) is in $SCRATCH.
: > "$SCRATCH/$QUERY_STRING.started"
while [ ! -e "$SCRATCH/$QUERY_STRING" ]; do sleep 0.02; done
printf 'Content-Type: text/plain\n\nat last\n'
: > "$SCRATCH/$QUERY_STRING.finished"
