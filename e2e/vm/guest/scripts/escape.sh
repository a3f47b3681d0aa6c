#!/bin/sh
setsid /bin/sh -c 'setsid /bin/sh -c "trap \"\" TERM; while :; do sleep 1; done" escaped-and-alive &' </dev/null >/dev/null 2>&1
printf 'Content-Type: text/plain\n\nescaped\n'
