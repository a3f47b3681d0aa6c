package org.cgifpm.adapters.frontend.http;

import java.util.Locale;

/** A number of bytes as a person reads it: {@code 812 B}, {@code 1.2 kB}, {@code 34 MB}; 1 kB is 1000 bytes. */
final class ByteCount {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    private ByteCount() {}

    static String format(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        String form = unit == 0 || value >= 9.95 ? "%.0f %s" : "%.1f %s";
        return String.format(Locale.ROOT, form, value, UNITS[unit]);
    }
}
