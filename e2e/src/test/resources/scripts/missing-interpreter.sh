#!/nonexistent/interpreter
printf 'Content-Type: text/plain\n\nthis must not run\n'
