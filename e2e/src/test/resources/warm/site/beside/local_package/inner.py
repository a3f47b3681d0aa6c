from . import VALUE


def deep():
    return "inner", VALUE, __package__
