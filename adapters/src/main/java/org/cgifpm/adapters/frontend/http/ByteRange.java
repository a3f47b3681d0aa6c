package org.cgifpm.adapters.frontend.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One part of a file (RFC 9110, 14.1.2), both ends included; {@link #isEmpty} when it lies behind the file's end. */
record ByteRange(long first, long last) {
    private static final Pattern ONE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    /** Null for what is answered with the whole file: several ranges, other units, nonsense (RFC 9110, 14.2). */
    static @Nullable ByteRange of(String field, long size) {
        Matcher matcher = ONE.matcher(field.strip());
        if (!matcher.matches()) {
            return null;
        }
        String from = matcher.group(1);
        String to = matcher.group(2);
        if (from.isEmpty()) {
            long tail = to.isEmpty() ? -1 : Long.parseLong(to);
            return tail < 0 ? null : new ByteRange(Math.max(0, size - tail), tail == 0 ? -1 : size - 1);
        }
        long first = Long.parseLong(from);
        long last = to.isEmpty() ? size - 1 : Long.parseLong(to);
        if (!to.isEmpty() && last < first) {
            return null;
        }
        return first >= size ? new ByteRange(0, -1) : new ByteRange(first, Math.min(last, size - 1));
    }

    boolean isEmpty() {
        return last < first;
    }

    long length() {
        return last - first + 1;
    }

    String contentRange(long size) {
        return "bytes " + first + "-" + last + "/" + size;
    }
}
