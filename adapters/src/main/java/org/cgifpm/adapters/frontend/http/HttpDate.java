package org.cgifpm.adapters.frontend.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates in header fields (RFC 9110, 5.6.7), whole seconds. */
final class HttpDate {
    private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private HttpDate() {}

    static String format(Instant instant) {
        return FORM.format(instant);
    }

    /** Null when it is not of the one form that senders must use. */
    static @Nullable Instant parse(String text) {
        try {
            return Instant.from(FORM.parse(text));
        } catch (DateTimeException notADate) {
            return null;
        }
    }
}
