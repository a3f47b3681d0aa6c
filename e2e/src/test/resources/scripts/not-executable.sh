#!/bin/sh
printf 'Content-Type: text/plain\n\nthis must not run\n'
