#!/bin/sh
# Ends at once, but a child of its holds stdout open.
printf 'Content-Type: text/plain\n\nparent says bye\n'
sleep 600 &
