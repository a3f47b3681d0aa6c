#!/bin/sh
# Sends the body back, of the declared length.
printf 'Content-Type: application/octet-stream\nContent-Length: %s\n\n' "$CONTENT_LENGTH"
exec cat
