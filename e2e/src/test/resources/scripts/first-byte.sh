#!/bin/sh
# Says by a file that the first five bytes of the body are there, reads the rest and answers.
head -c 5 > /dev/null
: > "$SCRATCH/$QUERY_STRING.first"
cat > /dev/null
printf 'Content-Type: text/plain\n\nread\n'
