package org.cgifpm.adapters.frontend.http;

/** Percent-encoding of URL paths (RFC 3986, 2.1) on ISO-8859-1 strings, where one char is one byte. */
final class PercentCoding {
    private PercentCoding() {}

    /** The bytes that {@code text} stands for; {@code +} is itself. */
    static String decode(String text) throws BadRequestException {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder bytes = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                bytes.append(c);
                continue;
            }
            int high = digit(text, i + 1);
            int low = digit(text, i + 2);
            if (high < 0 || low < 0) {
                throw new BadRequestException(400, "a % without two hexadecimal digits in the URL");
            }
            bytes.append((char) (high << 4 | low));
            i += 2;
        }
        return bytes.toString();
    }

    private static int digit(String text, int at) {
        return at < text.length() && text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), 16) : -1;
    }

    /** {@code text} as it may stand in one segment of a URL path: everything but unreserved characters encoded. */
    static String encode(String text) {
        StringBuilder url = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (alphanumeric || c == '-' || c == '.' || c == '_' || c == '~') {
                url.append(c);
            } else {
                url.append('%').append(hex(c >> 4)).append(hex(c & 15));
            }
        }
        return url.toString();
    }

    private static char hex(int digit) {
        return "0123456789ABCDEF".charAt(digit);
    }
}
