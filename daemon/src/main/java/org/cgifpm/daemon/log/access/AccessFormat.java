package org.cgifpm.daemon.log.access;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * A pool's {@code access_format}, read once and then used for every line: php-fpm's placeholders and ours, or the word
 * {@code json}. Needs no file and no clock; any thread may use it.
 */
public final class AccessFormat {
    private static final String JSON = "json";

    private final List<Piece> pieces;

    private AccessFormat(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
    }

    /**
     * Reads a format; times are written in the machine's zone.
     *
     * @throws AccessFormatException if it has a placeholder that is not known; the message names it
     */
    public static AccessFormat parse(String text) throws AccessFormatException {
        return parse(text, ZoneId.systemDefault());
    }

    static AccessFormat parse(String text, ZoneId zone) throws AccessFormatException {
        if (text.equals(JSON)) {
            return new AccessFormat(List.of(new JsonLine(zone)));
        }
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int percent = text.indexOf('%', at);
            int end = percent < 0 ? text.length() : percent;
            if (end > at) {
                pieces.add(fixed(text.substring(at, end)));
            }
            at = percent < 0 ? end : placeholder(text, percent, zone, pieces);
        }
        return new AccessFormat(pieces);
    }

    /** A line without its end. */
    public String line(AccessEntry entry) {
        StringBuilder line = new StringBuilder(256);
        for (Piece piece : pieces) {
            piece.append(entry, line);
        }
        return line.toString();
    }

    /** Reads the placeholder whose percent sign stands there; returns where it ends. */
    private static int placeholder(String text, int percent, ZoneId zone, List<Piece> pieces)
            throws AccessFormatException {
        int letter = percent + 1;
        String name = null;
        if (text.startsWith("{", letter)) {
            int end = text.indexOf('}', letter);
            if (end < 0) {
                throw new AccessFormatException(text.substring(percent) + " lacks its closing brace");
            }
            name = text.substring(letter + 1, end);
            letter = end + 1;
        }
        if (letter >= text.length()) {
            throw new AccessFormatException("a placeholder lacks its letter at the end; %% is a percent sign");
        }
        pieces.add(Placeholders.of(name, text.charAt(letter), zone));
        return letter + 1;
    }

    private static Piece fixed(String text) throws AccessFormatException {
        if (text.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
            throw new AccessFormatException("a control character other than a tab would cut or hide the line");
        }
        return (entry, line) -> line.append(text);
    }
}
