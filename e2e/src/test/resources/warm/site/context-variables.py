#!/usr/bin/python3
import contextvars
import threading

print("Content-Type: text/plain\n")
print(list(contextvars.copy_context().items()))
variable = contextvars.ContextVar("mine", default="default")
token = variable.set("set")
print(variable.get(), [(v.name, value) for v, value in contextvars.copy_context().items()])
contextvars.Context().run(lambda: print(variable.get()))
variable.reset(token)
print(variable.get())
