#!/usr/bin/python3
import collections
import copy
import dataclasses
import enum
import pickle
import typing

print("Content-Type: text/plain\n")


@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: int = 0
    tags: typing.List[str] = dataclasses.field(default_factory=list)


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


Pair = collections.namedtuple("Pair", "left right")


def function():
    pass


for value in (Point(1, 2, ["a"]), Colour.RED, Pair(1, Point(3)), function, Point):
    data = pickle.dumps(value, 2)
    print(data)
    again = pickle.loads(data)
    print(again == value, type(again).__module__, repr(again)[:22])
print(copy.deepcopy(Point(1)), dataclasses.asdict(Point(5)), Point(1) < Point(2), typing.get_type_hints(Point))
try:
    pickle.dumps(lambda: 0)
except Exception as error:
    print(type(error).__name__, str(error).split(" at 0x")[0])
print(pickle.loads(b"c__main__\nPoint\n(I7\nI8\ntR."))
