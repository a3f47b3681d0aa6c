#!/usr/bin/python3
print("Content-Type: text/plain\n" if __name__ == "__main__" else "imported, too", flush=True)
import circular

print(__name__, circular.__name__, circular is __import__("__main__"))
