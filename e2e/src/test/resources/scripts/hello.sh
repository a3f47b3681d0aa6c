#!/bin/sh
# The smallest answer.
printf 'Content-Type: text/plain\n\nhello\n'
