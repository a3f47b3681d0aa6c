package org.cgifpm.protocol.cgi;

import org.jspecify.annotations.Nullable;

/**
 * A status with its reason, from a {@code Status} field (RFC 3875, 6.3.3) or from the first line of a script that does
 * without header parsing ("NPH", RFC 3875, 5).
 *
 * @param code 100 to 599
 * @param reason empty if there was none
 */
record StatusLine(int code, String reason) {
    private static final String HTTP = "HTTP/";

    static boolean isIt(String line) {
        return line.startsWith(HTTP);
    }

    /** Reads {@code HTTP/1.1 404 Not Found}, of any version. */
    static StatusLine ofLine(String line) throws BadHeadException {
        int space = line.indexOf(' ');
        StatusLine status = space < 0 || !isVersion(line.substring(HTTP.length(), space))
                ? null
                : read(Ascii.trim(line.substring(space)));
        if (status == null) {
            throw new BadHeadException("a status line that is none: " + Quoted.of(line));
        }
        return status;
    }

    /** Reads the value of a {@code Status} field, {@code 404 Not Found} or {@code 404}. */
    static StatusLine ofField(String value) throws BadHeadException {
        StatusLine status = read(value);
        if (status == null) {
            throw new BadHeadException("Status is not a number from 100 to 599: " + Quoted.of(value));
        }
        return status;
    }

    boolean interim() {
        return code < 200;
    }

    private static boolean isVersion(String version) {
        int dot = version.indexOf('.');
        return dot < 0
                ? Ascii.isDigits(version)
                : Ascii.isDigits(version.substring(0, dot)) && Ascii.isDigits(version.substring(dot + 1));
    }

    private static @Nullable StatusLine read(String text) {
        boolean threeDigits = text.length() >= 3 && Ascii.isDigits(text.substring(0, 3));
        if (!threeDigits || (text.length() > 3 && !Ascii.isBlank(text.charAt(3)))) {
            return null;
        }
        int code = Integer.parseInt(text.substring(0, 3));
        return code >= 100 && code <= 599 ? new StatusLine(code, Ascii.trim(text.substring(3))) : null;
    }
}
