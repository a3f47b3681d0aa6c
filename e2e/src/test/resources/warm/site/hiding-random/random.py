class Random:
    NAME = "the script's own"


print("Content-Type: text/plain\nX-Random: mine\n")
