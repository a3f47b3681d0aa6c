#!/bin/sh
# Notes that TERM came, and ends.
trap ': > "$SCRATCH/$QUERY_STRING.term"; exit 0' TERM
printf 'Content-Type: text/plain\n\nfirst\n'
: > "$SCRATCH/$QUERY_STRING.started"
while :; do sleep 0.05; done
