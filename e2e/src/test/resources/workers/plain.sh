#!/bin/sh
printf 'Content-Type: text/plain\n\nplain %s\n' "$$"
