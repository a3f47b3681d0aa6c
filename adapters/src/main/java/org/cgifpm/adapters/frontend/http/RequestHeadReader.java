package org.cgifpm.adapters.frontend.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.adapters.frontend.http.HttpRequest.Field;
import org.jspecify.annotations.Nullable;

/**
 * Finds and reads the head of an HTTP/1.0 or 1.1 request (RFC 9112) in a buffer that fills up.
 *
 * <p>Nothing is consumed until the head is complete, so the same buffer must be shown again with more bytes behind.
 * Lines may end in LF alone (RFC 9112, 2.2); folded fields, bare CR, control characters and a space before the colon
 * are refused, because those who disagree about them can be made to see different requests.
 */
final class RequestHeadReader {
    private static final int MAX_FIELDS = 200;

    private final int maxBytes;
    private int scanned;
    private int lines;

    /** @param maxBytes of a whole head, from its first byte to the empty line */
    RequestHeadReader(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The head, consumed from {@code in}, or null while it is not complete. */
    @Nullable
    HttpRequest read(ByteBuffer in) throws BadRequestException {
        skipEmptyLines(in);
        if (scanned == 0 && in.remaining() == 1 && in.get(in.position()) == '\r') {
            // It may be the first half of one more empty line.
            return null;
        }
        int end = findEnd(in);
        if (end < 0) {
            if (scanned >= maxBytes) {
                throw tooLong();
            }
            return null;
        }
        if (end > maxBytes) {
            throw tooLong();
        }
        byte[] head = new byte[end];
        in.get(head);
        scanned = 0;
        lines = 0;
        return parse(new String(head, StandardCharsets.ISO_8859_1));
    }

    private BadRequestException tooLong() {
        return lines == 0
                ? new BadRequestException(414, "the request line is longer than " + maxBytes + " bytes")
                : new BadRequestException(431, "the head is longer than " + maxBytes + " bytes");
    }

    /** Old clients send an empty line after a body (RFC 9112, 2.2). */
    private void skipEmptyLines(ByteBuffer in) {
        if (scanned > 0) {
            return;
        }
        while (in.hasRemaining()) {
            byte first = in.get(in.position());
            boolean crlf = first == '\r' && in.remaining() > 1 && in.get(in.position() + 1) == '\n';
            if (first != '\n' && !crlf) {
                return;
            }
            in.position(in.position() + (crlf ? 2 : 1));
        }
    }

    /** The length of the head with its empty line, or -1; goes on where it stopped before. */
    private int findEnd(ByteBuffer in) {
        int start = in.position();
        int i = scanned;
        for (; i < in.remaining(); i++) {
            if (in.get(start + i) != '\n') {
                continue;
            }
            boolean emptyLine = lineIsEmpty(in, start, i);
            lines++;
            if (emptyLine) {
                return i + 1;
            }
        }
        scanned = i;
        return -1;
    }

    private static boolean lineIsEmpty(ByteBuffer in, int start, int newline) {
        int before = newline - 1;
        if (before >= 0 && in.get(start + before) == '\r') {
            before--;
        }
        return before < 0 || in.get(start + before) == '\n';
    }

    private static HttpRequest parse(String head) throws BadRequestException {
        List<String> all = lines(head);
        String[] parts = all.get(0).split(" ", -1);
        if (parts.length != 3) {
            throw new BadRequestException(400, "the request line is not METHOD TARGET VERSION");
        }
        requireToken(parts[0], "method");
        if (parts[1].isEmpty()) {
            throw new BadRequestException(400, "the request line names no target");
        }
        int minor = minorVersion(parts[2]);
        List<Field> fields = new ArrayList<>();
        for (String line : all.subList(1, all.size())) {
            if (fields.size() == MAX_FIELDS) {
                throw new BadRequestException(431, "more than " + MAX_FIELDS + " header fields");
            }
            fields.add(field(line));
        }
        HttpRequest request = new HttpRequest(parts[0], parts[1], minor, fields);
        int hosts = request.all("Host").size();
        if (hosts > 1 || (hosts == 0 && minor == 1)) {
            throw new BadRequestException(400, hosts == 0 ? "no Host field" : "more than one Host field");
        }
        return request;
    }

    private static List<String> lines(String head) throws BadRequestException {
        List<String> lines = new ArrayList<>();
        int from = 0;
        while (true) {
            int newline = head.indexOf('\n', from);
            int end = newline > from && head.charAt(newline - 1) == '\r' ? newline - 1 : newline;
            if (end == from) {
                return lines;
            }
            String line = head.substring(from, end);
            for (int i = 0; i < line.length(); i++) {
                char c = line.charAt(i);
                if ((c < 0x20 && c != '\t') || c == 0x7f) {
                    throw new BadRequestException(400, String.format("control character 0x%02x in the head", (int) c));
                }
            }
            lines.add(line);
            from = newline + 1;
        }
    }

    private static Field field(String line) throws BadRequestException {
        if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
            throw new BadRequestException(400, "a folded header field");
        }
        int colon = line.indexOf(':');
        if (colon < 0) {
            throw new BadRequestException(400, "a header line without a colon");
        }
        String name = line.substring(0, colon);
        requireToken(name, "header field name");
        return new Field(name, trim(line.substring(colon + 1)));
    }

    /** Spaces and tabs only: {@code strip} would eat the byte 0x85 too. */
    private static String trim(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && (value.charAt(from) == ' ' || value.charAt(from) == '\t')) {
            from++;
        }
        while (to > from && (value.charAt(to - 1) == ' ' || value.charAt(to - 1) == '\t')) {
            to--;
        }
        return value.substring(from, to);
    }

    private static int minorVersion(String version) throws BadRequestException {
        return switch (version) {
            case "HTTP/1.1" -> 1;
            case "HTTP/1.0" -> 0;
            default -> {
                boolean known = version.startsWith("HTTP/") && version.length() == 8;
                throw new BadRequestException(known ? 505 : 400, "only HTTP/1.0 and HTTP/1.1 are spoken here");
            }
        };
    }

    private static void requireToken(String text, String what) throws BadRequestException {
        boolean token = !text.isEmpty();
        for (int i = 0; i < text.length() && token; i++) {
            char c = text.charAt(i);
            boolean alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            token = alphanumeric || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
        }
        if (!token) {
            throw new BadRequestException(400, "the " + what + " is not a token");
        }
    }
}
