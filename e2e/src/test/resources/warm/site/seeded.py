#!/usr/bin/python3
import random
import uuid

print("Content-Type: text/plain\n")
random.seed(42)
print(random.random(), random.sample(range(100), 5), random.choice("abc"), random.gauss(0, 1))
print(random.Random("text").randint(0, 1 << 40))
print(uuid.uuid5(uuid.NAMESPACE_DNS, "test.example"), uuid.uuid3(uuid.NAMESPACE_URL, "x"))
