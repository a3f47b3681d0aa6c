#!/usr/bin/python3
import os


class Mute(Exception):
    def __str__(self):
        raise RuntimeError("has no text")


class Own(Exception):
    """An exception of the script's own."""


def divide(a, b):
    return a / b


def chained():
    try:
        divide(1, 0)
    except ZeroDivisionError as error:
        raise ValueError("no such share") from error


def context():
    try:
        divide(1, 0)
    except ZeroDivisionError:
        {}["missing"]


def hidden():
    try:
        divide(1, 0)
    except ZeroDivisionError:
        raise KeyError("only this") from None


def cause():
    raise ValueError("with a cause from nowhere") from TypeError("never raised")


def lines():
    raise Own("first line\nsecond line \u00e4\u20ac")


def mute():
    raise Mute()


def noted():
    error = Own("has notes")
    error.add_note("a note")
    raise error


def group():
    errors = []
    for function in (chained, hidden):
        try:
            function()
        except Exception as error:
            errors.append(error)
    raise ExceptionGroup("several", errors)


def base():
    raise BaseException("below Exception")


def generator():
    raise GeneratorExit("odd")


def interrupt():
    raise KeyboardInterrupt


def name():
    return Onw


def attribute():
    return os.getpif


def assertion():
    assert 1 == 2, "not equal"


def decode():
    return b"\xff".decode("utf-8")


def system():
    open("/not/there")


def importing():
    import not_there_at_all.inner


def from_importing():
    from os import not_there


def in_json():
    import json

    json.loads('{"a": }')


def in_eval():
    eval("1 + divide(1, 0)")


def in_exec():
    exec("def f():\n    return divide(1, 0)\nf()")


def in_compile():
    compile("a b", "<made up>", "exec")


def one_line(): x = 1; y = 0; return x / y


def lambdas():
    return (lambda: [divide(n, 0) for n in range(2)])()


print("Content-Type: text/plain\n", flush=True)
globals()[os.environ["QUERY_STRING"]]()
