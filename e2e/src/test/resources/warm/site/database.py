#!/usr/bin/python3
import os
import sqlite3

print("Content-Type: text/plain\n")
path = os.path.join(os.environ["TMPDIR"], "guests.db")
if os.path.exists(path):
    os.unlink(path)
database = sqlite3.connect(path)
database.execute("create table guests (name text, visits int)")
with database:
    database.executemany("insert into guests values (?, ?)", [("alice", 1), ("bob", 2)])
database.row_factory = sqlite3.Row
print([dict(row) for row in database.execute("select * from guests order by name")])
database.create_function("twice", 1, lambda n: 2 * n)
print([tuple(row) for row in database.execute("select twice(visits) from guests")])
database.execute("insert into guests values ('lost', 0)")
second = sqlite3.connect(path)
print(second.execute("select count(*) from guests").fetchall())
print(sqlite3.connect(":memory:").execute("select 1 + 1").fetchall())
database.execute("select nothing from nowhere")
