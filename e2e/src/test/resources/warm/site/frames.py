#!/usr/bin/python3
import inspect
import sys
import traceback

print("Content-Type: text/plain\n")


def show():
    frame = sys._getframe()
    for _ in range(2):
        print(frame.f_code.co_filename, frame.f_code.co_name, frame.f_lineno)
        frame = frame.f_back
    for info in inspect.stack()[:2]:
        print(info.filename, info.lineno, info.function, info.code_context)
    print("".join(traceback.format_stack()[-2:]))


show()
try:
    1 / 0
except ZeroDivisionError:
    traceback.print_exc()
    traceback.print_exc(file=sys.stdout)
    for entry in traceback.extract_tb(sys.exc_info()[2]):
        print(entry.filename, entry.lineno, entry.name, entry.line)
print(sys.exc_info())
try:
    print(sys.last_type)
except AttributeError as error:
    print(error)
