#!/bin/sh
# Answers without a look at the body.
printf 'Content-Type: text/plain\nContent-Length: 9\n\nnot read\n'
