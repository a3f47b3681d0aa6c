from ..inner import deep


def up():
    return deep()
