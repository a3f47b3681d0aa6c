#!/bin/sh
# Reads the whole body before it sends it back: the way that works behind nginx, which sends no more of a request body
# once it has seen the head of the answer.
umask 077
kept=$(mktemp)
trap 'rm -f "$kept"' EXIT
cat > "$kept"
printf 'Content-Type: application/octet-stream\n\n'
cat "$kept"
