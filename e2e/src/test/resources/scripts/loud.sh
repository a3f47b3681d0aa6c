#!/bin/sh
# Complains on stderr, 8 MB of it, before the answer.
yes 'something is not as it should be, and here is a line about it' | head -c 8388608 >&2
printf 'Content-Type: text/plain\n\nafter the noise\n'
