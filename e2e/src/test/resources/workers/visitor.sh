#!/bin/sh
printf 'Content-Type: text/plain\n\nvisitor %s\n' "$VISITOR"
