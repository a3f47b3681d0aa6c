#!/usr/bin/python3
print("Content-Type: text/plain\n")
for name in ("os", "sys", "json", "cgi", "re", "keeper", "main", "run", "code", "_", "annotations"):
    try:
        print(name, eval(name))
    except NameError as error:
        print(error)
exec("made = 1")
print(made, [n for n in range(3) if n], "n" in globals())


class A:
    inner = [made for _ in range(2)]


print(A.inner, A, A().__class__.__module__, (lambda: 0).__qualname__)
