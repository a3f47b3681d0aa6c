#!/bin/sh
# Sends the body back without saying how long it is.
printf 'Content-Type: application/octet-stream\n\n'
exec cat
