#!/bin/sh
# Writes for ever.
printf 'Content-Type: application/octet-stream\n\n'
exec cat /dev/zero
