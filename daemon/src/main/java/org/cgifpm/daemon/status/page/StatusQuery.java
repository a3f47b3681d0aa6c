package org.cgifpm.daemon.status.page;

import java.util.Locale;

/**
 * What a query asks of the status page, as php-fpm's: {@code json&full}. The first format that it names counts; what
 * nobody knows is passed over.
 */
record StatusQuery(StatusFormat format, boolean full) {
    /** @param query the bytes of QUERY_STRING */
    static StatusQuery parse(String query) {
        StatusFormat format = null;
        boolean full = false;
        for (String part : query.split("&", -1)) {
            int end = part.indexOf('=');
            String name = end < 0 ? part : part.substring(0, end);
            full |= name.equals("full");
            for (StatusFormat candidate : StatusFormat.values()) {
                if (format == null && name.equals(candidate.name().toLowerCase(Locale.ROOT))) {
                    format = candidate;
                }
            }
        }
        StatusFormat chosen = format == null ? StatusFormat.PLAIN : format;
        return new StatusQuery(chosen, full && chosen != StatusFormat.OPENMETRICS);
    }
}
