#!/bin/sh
# Half of an answer, without a length, then a crash.
printf 'Content-Type: text/plain\n\nhalf of the '
kill -KILL $$
