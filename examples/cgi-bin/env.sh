#!/bin/sh
# Prints the environment that a script gets.

printf 'Content-Type: text/plain; charset=utf-8\r\n'
printf 'X-Content-Type-Options: nosniff\r\n'
printf '\r\n'
# A value may hold anything a client sent: show control characters instead of sending them.
env | LC_ALL=C sort | cat -v
