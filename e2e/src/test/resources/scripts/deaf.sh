#!/bin/sh
# A parent, a child and a grandchild that all ignore TERM and run for ever.
trap '' TERM
printf 'Content-Type: text/plain\n\nfirst\n'
sh -c 'sleep 600 & sleep 600' &
: > "$SCRATCH/$QUERY_STRING.started"
while :; do sleep 600; done
