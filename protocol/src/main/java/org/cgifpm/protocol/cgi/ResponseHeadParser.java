package org.cgifpm.protocol.cgi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the head that a script prints before its body (RFC 3875, 6.2 and 6.3), in pieces cut anywhere.
 *
 * <p>Lines end with LF or CR LF, mixed as they like. A line that begins with white space goes on with the one before
 * (RFC 9112, 5.2). White space between a name and its colon is taken off, as a gateway must (RFC 9112, 5.1).
 *
 * <p>The status is that of a status line ({@code HTTP/1.1 200 OK}, what "NPH" scripts print) or else of {@code Status};
 * without either it is 302 where there is a {@code Location}, absolute or local (a FastCGI application cannot redirect
 * inside the web server, so RFC 3875, 6.2.2 is left to the browser), and 200 else. Heads with a status of 1xx, said in
 * either way, are interim: they are skipped, up to {@value #MAX_INTERIM} of them. 101 is refused.
 *
 * <p>A head must have at least one of Content-Type, Location and Status, or be NPH, as RFC 3875, 6.3 demands. Without
 * this rule whatever looks like {@code Warning: no such file} and an empty line would be an empty answer with status
 * 200, and the reason would be lost. A Content-Type is not demanded besides: 204 and 304 have none.
 *
 * <p>Hop-by-hop fields, and those that {@code Connection} lists, are dropped. Content-Length, Location and Status may
 * stand twice if they say the same; of Content-Type the last stands, as with other servers; everything else is kept
 * apart. Names must be tokens, values have no control characters but tab: so no script can slip a second head into an
 * answer.
 *
 * <p>One response has one parser; after a head or an exception it is of no further use.
 */
public final class ResponseHeadParser {
    static final int MAX_INTERIM = 50;

    private static final int FIRST_STEP = 256;

    private final int maxBytes;

    private int bytes;
    private byte[] line = new byte[FIRST_STEP];
    private int lineLength;

    private HeadFields fields = new HeadFields();
    private int interimHeads;
    private @Nullable String name;
    private final StringBuilder value = new StringBuilder();

    /**
     * Makes a parser for one response.
     *
     * @param maxBytes of the whole head, empty lines and interim heads included
     */
    public ResponseHeadParser(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Takes bytes until the head is complete: then returns it, and what is left in {@code in} is body. Null means that
     * all bytes were taken and more are needed.
     *
     * @throws BadHeadException as soon as it is certain that no valid head will come
     */
    public @Nullable ResponseHead read(ByteBuffer in) throws BadHeadException {
        while (in.hasRemaining()) {
            byte next = in.get();
            bytes++;
            if (bytes > maxBytes) {
                throw new BadHeadException("the head is above " + maxBytes + " bytes");
            }
            if (next == '\n') {
                ResponseHead head = line(takeLine());
                if (head != null) {
                    return head;
                }
            } else {
                append(next);
            }
        }
        return null;
    }

    /** Standard output ended before the head was complete: why that is no answer. */
    public BadHeadException atEnd() {
        if (bytes == 0) {
            return new BadHeadException("the script printed nothing");
        }
        String rest = new String(line, 0, lineLength, StandardCharsets.ISO_8859_1);
        if (lineLength > 0) {
            return new BadHeadException("the output ended inside the head, in the line " + Quoted.of(rest));
        }
        if (interimHeads > 0 && name == null && fields.isEmpty()) {
            return new BadHeadException("the output ended after an interim head (status 1xx)");
        }
        return new BadHeadException("the output ended without the empty line that ends the head");
    }

    private void append(byte next) {
        if (lineLength == line.length) {
            line = Arrays.copyOf(line, 2 * lineLength);
        }
        line[lineLength] = next;
        lineLength++;
    }

    private String takeLine() {
        int length = lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength;
        lineLength = 0;
        return new String(line, 0, length, StandardCharsets.ISO_8859_1);
    }

    private @Nullable ResponseHead line(String line) throws BadHeadException {
        if (line.isEmpty()) {
            return emptyLine();
        }
        if (Ascii.isBlank(line.charAt(0))) {
            if (name == null) {
                throw new BadHeadException("the head begins with a folded line: " + Quoted.of(line));
            }
            checkValue(line);
            String more = Ascii.trim(line);
            if (!more.isEmpty()) {
                value.append(value.isEmpty() ? "" : " ").append(more);
            }
            return null;
        }
        fieldComplete();
        if (fields.isEmpty() && StatusLine.isIt(line)) {
            checkValue(line);
            fields.statusLine(StatusLine.ofLine(line));
        } else {
            fieldBegins(line);
        }
        return null;
    }

    private @Nullable ResponseHead emptyLine() throws BadHeadException {
        fieldComplete();
        if (fields.isEmpty()) {
            throw new BadHeadException("no header before the body: the first line is empty");
        }
        if (!fields.interim()) {
            return fields.head();
        }
        interimHeads++;
        if (interimHeads > MAX_INTERIM) {
            throw new BadHeadException("more than " + MAX_INTERIM + " interim heads (status 1xx)");
        }
        fields = new HeadFields();
        return null;
    }

    private void fieldBegins(String line) throws BadHeadException {
        int colon = line.indexOf(':');
        if (colon < 0) {
            throw new BadHeadException(
                    fields.isEmpty()
                            ? "no header before the body: the first line is " + Quoted.of(line)
                            : "a line without \":\" in the head: " + Quoted.of(line));
        }
        String before = Ascii.trim(line.substring(0, colon));
        if (!Ascii.isToken(before)) {
            throw new BadHeadException("a header name that is none: " + Quoted.of(line));
        }
        checkValue(line);
        name = before;
        value.append(Ascii.trim(line.substring(colon + 1)));
    }

    private void fieldComplete() throws BadHeadException {
        if (name != null) {
            fields.add(name, value.toString());
            name = null;
            value.setLength(0);
        }
    }

    private static void checkValue(String line) throws BadHeadException {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (Ascii.isControl(c) && c != '\t') {
                throw new BadHeadException("a control character in the head: " + Quoted.of(line));
            }
        }
    }
}
