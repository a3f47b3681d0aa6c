package org.cgifpm.protocol.cgi;

import java.util.HexFormat;

/** Quotes what a script printed so that it fits a log line: printable ASCII, and not too long. */
final class Quoted {
    private static final int MAX_CHARS = 80;
    private static final HexFormat HEX = HexFormat.of();

    private Quoted() {}

    static String of(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), MAX_CHARS); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c >= 0x20 && c < 0x7f) {
                quoted.append(c);
            } else {
                quoted.append("\\x").append(HEX.toHexDigits((byte) c));
            }
        }
        return quoted.append(text.length() > MAX_CHARS ? "\"..." : "\"").toString();
    }
}
