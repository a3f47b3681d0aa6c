#!/usr/bin/python3
# Different each time: the test that two requests do not share their randomness.
import os
import random
import secrets
import tempfile
import uuid

print("Content-Type: text/plain\n")
print(random.random())
print(random.Random().random())
print(random.SystemRandom().random())
print(uuid.uuid4())
print(secrets.token_hex(8))
print(os.urandom(8).hex())
print(next(tempfile._get_candidate_names()))
import ssl

print(ssl.RAND_bytes(8).hex())
