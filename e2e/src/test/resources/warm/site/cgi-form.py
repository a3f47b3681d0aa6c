#!/usr/bin/python3
import cgi

form = cgi.FieldStorage()
print("Content-Type: text/plain\n")
for name in sorted(form):
    field = form[name]
    for item in field if isinstance(field, list) else [field]:
        if item.filename is None:
            print(name, repr(item.value))
        else:
            data = item.file.read()
            print(name, item.filename, item.type, sorted(item.disposition_options), len(data), type(item.file).__name__)
            print(item.headers["Content-Type"], data[:20])
print(form.getfirst("name", "-"), form.getlist("name"), form.bytes_read)
