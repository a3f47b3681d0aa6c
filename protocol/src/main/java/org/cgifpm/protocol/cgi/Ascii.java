package org.cgifpm.protocol.cgi;

import java.util.Locale;

/** Questions about single bytes, which ISO-8859-1 strings hold as chars; nothing here knows of a locale. */
final class Ascii {
    private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

    private Ascii() {}

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Only digits, and at least one. */
    static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Space or tab: the white space of header fields (RFC 9110, 5.6.3). */
    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    static boolean isControl(char c) {
        return c < 0x20 || c == 0x7f;
    }

    /** A token, as field names must be (RFC 9110, 5.6.2). */
    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !isDigit(c) && TOKEN_PUNCTUATION.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** The key under which a token is looked up, whatever its case. */
    static String lower(String token) {
        return token.toLowerCase(Locale.ROOT);
    }

    /** Without white space at both ends. */
    static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }
}
