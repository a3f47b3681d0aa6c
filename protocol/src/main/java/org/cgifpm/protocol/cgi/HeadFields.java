package org.cgifpm.protocol.cgi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cgifpm.protocol.cgi.ResponseHead.Header;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one head, and what they come to: see {@link ResponseHeadParser} for the rules.
 *
 * <p>Names must be checked before they come here.
 */
final class HeadFields {
    private static final int MOVED = 302;
    private static final int SWITCHING_PROTOCOLS = 101;

    /** Between two neighbours only (RFC 9110, 7.6.1, and for the proxy fields RFC 2616, 13.5.1). */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** A field of three bytes takes fifty times as much here, and a few heads of nothing else all of the memory. */
    private static final int MAX_FIELDS = 512;

    /** What Connection must not take away (RFC 9110, 7.6.1): a script that lists them would break its own answer. */
    private static final Set<String> FOR_ALL = Set.of("content-length", "content-type", "location", "set-cookie");

    private final List<Header> list = new ArrayList<>();
    private @Nullable StatusLine statusLine;
    private @Nullable StatusLine statusField;
    private @Nullable String location;
    private boolean contentType;
    private long contentLength = -1;

    /** The first line of a script that prints its own status line. */
    void statusLine(StatusLine line) {
        statusLine = line;
    }

    void add(String name, String value) throws BadHeadException {
        if (list.size() >= MAX_FIELDS) {
            throw new BadHeadException("more than " + MAX_FIELDS + " fields");
        }
        switch (Ascii.lower(name)) {
            case "status" -> status(value);
            case "location" -> location(name, value);
            case "content-type" -> contentType(name, value);
            case "content-length" -> contentLength(name, value);
            default -> list.add(new Header(name, value));
        }
    }

    /** Neither a status line nor a field so far. */
    boolean isEmpty() {
        return statusLine == null && statusField == null && list.isEmpty();
    }

    /** This head announces another one. */
    boolean interim() throws BadHeadException {
        StatusLine status = status();
        if (status != null && status.code() == SWITCHING_PROTOCOLS) {
            throw new BadHeadException("status 101: no other protocol can be spoken from here");
        }
        return status != null && status.interim();
    }

    ResponseHead head() throws BadHeadException {
        StatusLine status = status();
        if (status == null && !contentType && location == null) {
            throw new BadHeadException("none of Content-Type, Location and Status in the head, but "
                    + Quoted.of(list.get(0).name()));
        }
        int code = status != null ? status.code() : location != null ? MOVED : 200;
        String reason = status != null && !status.reason().isEmpty() ? status.reason() : ReasonPhrase.of(code);
        return new ResponseHead(code, reason, endToEnd(), contentLength);
    }

    private @Nullable StatusLine status() {
        return statusLine != null ? statusLine : statusField;
    }

    private void status(String value) throws BadHeadException {
        if (statusLine != null) {
            return; // a script that prints its own status line has said it all
        }
        StatusLine next = StatusLine.ofField(value);
        if (statusField != null && statusField.code() != next.code()) {
            throw new BadHeadException("Status twice, " + statusField.code() + " and " + next.code());
        }
        statusField = next;
    }

    private void location(String name, String value) throws BadHeadException {
        if (value.isEmpty()) {
            return;
        }
        if (location == null) {
            location = value;
            list.add(new Header(name, value));
        } else if (!location.equals(value)) {
            throw new BadHeadException("Location twice, " + Quoted.of(location) + " and " + Quoted.of(value));
        }
    }

    private void contentType(String name, String value) {
        Header header = new Header(name, value);
        int before = contentType ? indexOf("content-type") : -1;
        contentType = true;
        if (before < 0) {
            list.add(header);
        } else {
            list.set(before, header);
        }
    }

    private void contentLength(String name, String value) throws BadHeadException {
        long length = length(value);
        if (contentLength < 0) {
            contentLength = length;
            list.add(new Header(name, value));
        } else if (contentLength != length) {
            throw new BadHeadException("Content-Length twice, " + contentLength + " and " + length);
        }
    }

    private static long length(String value) throws BadHeadException {
        if (Ascii.isDigits(value)) {
            try {
                return Long.parseLong(value);
            } catch (NumberFormatException e) {
                // above a long: as wrong as letters
                throw wrongLength(value);
            }
        }
        throw wrongLength(value);
    }

    private static BadHeadException wrongLength(String value) {
        return new BadHeadException("Content-Length is not a number of bytes: " + Quoted.of(value));
    }

    private int indexOf(String lowerName) {
        for (int i = 0; i < list.size(); i++) {
            if (Ascii.lower(list.get(i).name()).equals(lowerName)) {
                return i;
            }
        }
        return -1;
    }

    private List<Header> endToEnd() {
        Set<String> dropped = dropped();
        List<Header> kept = new ArrayList<>(list.size());
        for (Header header : list) {
            if (!dropped.contains(Ascii.lower(header.name()))) {
                kept.add(header);
            }
        }
        return kept;
    }

    private Set<String> dropped() {
        Set<String> listed = new HashSet<>();
        for (Header header : list) {
            if (header.name().equalsIgnoreCase("connection")) {
                for (String name : header.value().split(",", -1)) {
                    listed.add(Ascii.lower(Ascii.trim(name)));
                }
            }
        }
        if (listed.isEmpty()) {
            return HOP_BY_HOP;
        }
        listed.removeAll(FOR_ALL);
        listed.addAll(HOP_BY_HOP);
        return listed;
    }
}
