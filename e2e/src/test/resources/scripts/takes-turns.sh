#!/bin/sh
# Adds its query to $SCRATCH/turns when it begins, then takes its time, as a script does that waits for a database.
echo "$QUERY_STRING" >> "$SCRATCH/turns"
printf 'Content-Type: text/plain\n\ndone\n'
exec sleep 0.1
