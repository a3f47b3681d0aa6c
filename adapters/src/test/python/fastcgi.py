"""The front end's side of FastCGI 1.0, as far as the tests need it, and nothing of it taken from what is tested."""

import socket

BEGIN_REQUEST, ABORT_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT, STDERR = 1, 2, 3, 4, 5, 6, 7
GET_VALUES, GET_VALUES_RESULT, UNKNOWN_TYPE = 9, 10, 11
RESPONDER, AUTHORIZER, FILTER = 1, 2, 3


def record(kind, content=b"", request_id=1, version=1, padding=0):
    header = bytes([version, kind]) + request_id.to_bytes(2, "big") + len(content).to_bytes(2, "big")
    return header + bytes([padding, 0]) + content + bytes(padding)


def begin(request_id=1, role=RESPONDER, keep=False):
    return record(BEGIN_REQUEST, role.to_bytes(2, "big") + bytes([keep, 0, 0, 0, 0, 0]), request_id)


def pairs(items):
    text = b""
    for name, value in items:
        for part in name, value:
            text += bytes([len(part)]) if len(part) < 128 else (len(part) | 1 << 31).to_bytes(4, "big")
        text += name.encode("latin-1") + value.encode("latin-1")
    return text


def stream(kind, data, request_id=1, size=65535, padding=0):
    """A stream without its end."""
    parts = (data[at : at + size] for at in range(0, len(data), size))
    return b"".join(record(kind, part, request_id, padding=padding) for part in parts)


def head(params, request_id=1, keep=False):
    """A request up to the end of its params."""
    return begin(request_id, keep=keep) + stream(PARAMS, pairs(params), request_id) + record(PARAMS, b"", request_id)


class Answer:
    """What came back for one request."""

    def __init__(self):
        self.kinds = []
        self.out = b""
        self.err = b""
        self.app_status = None
        self.protocol_status = None

    @property
    def lines(self):
        return self.out.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")

    @property
    def status(self):
        return self.lines[0].partition(": ")[2]

    @property
    def body(self):
        return self.out.partition(b"\r\n\r\n")[2]

    def all(self, name):
        return [line.partition(": ")[2] for line in self.lines if line.lower().startswith(name.lower() + ": ")]


class Client:
    """A connection of a front end."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
        self.socket.settimeout(20)
        self.socket.connect(address)

    def send(self, data):
        self.socket.sendall(data)

    def exactly(self, size):
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise EOFError("the connection ended after %d of %d bytes" % (len(data), size))
            data += more
        return data

    def record(self):
        """Type, request id and content of the next record."""
        header = self.exactly(8)
        assert header[0] == 1, header
        content = self.exactly(int.from_bytes(header[4:6], "big"))
        self.exactly(header[6])
        return header[1], int.from_bytes(header[2:4], "big"), content

    def answer(self, request_id=1):
        """All of an answer, up to END_REQUEST; up to the connection's end, and without a status, if there is none."""
        answer = Answer()
        while True:
            try:
                kind, of_request, content = self.record()
            except EOFError:
                if not answer.out:
                    raise
                return answer
            assert of_request == request_id, (kind, of_request)
            answer.kinds.append(kind)
            if kind == STDOUT:
                answer.out += content
            elif kind == STDERR:
                answer.err += content
            else:
                assert kind == END_REQUEST and len(content) == 8, (kind, content)
                answer.app_status = int.from_bytes(content[:4], "big")
                answer.protocol_status = content[4]
                return answer

    def at_end(self):
        """True when the other side has closed, and sent nothing before."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()
