package org.cgifpm.adapters.frontend.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.cgifpm.adapters.Exchange;
import org.cgifpm.protocol.cgi.ResponseHead;

/** Files for tests, and answers as a backend gives them. */
final class TestFiles {
    private TestFiles() {}

    static Path executable(Path folder, String name, String text) throws IOException {
        Path file = plain(folder, name, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    static Path plain(Path folder, String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    static ResponseHead ok(long length) {
        return new ResponseHead(200, "OK", List.of(new ResponseHead.Header("Content-Type", "text/plain")), length);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Answers at once with that text, its length not declared. */
    static void answer(Exchange exchange, String text) {
        exchange.respond(ok(-1));
        exchange.write(bytes(text));
        exchange.end(0);
    }
}
