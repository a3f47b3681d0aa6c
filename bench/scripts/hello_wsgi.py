"""A WSGI application that answers every request with the same line."""


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "37")])
    return [b"Hello from a persistent application.\n"]
