package org.cgifpm.daemon.status.page;

import org.cgifpm.daemon.config.ByteText;

/**
 * What clients and users wrote, made fit to be shown: as UTF-8, without characters that control a terminal, break a line,
 * turn the direction of writing or may not stand in XML. It still has to be escaped for its format.
 */
final class ShownText {
    private static final char INSTEAD = '\ufffd';

    private ShownText() {}

    /** @param bytes one in each char */
    static String of(String bytes) {
        String text = ByteText.toText(bytes);
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> shown.appendCodePoint(isHarmless(c) ? c : INSTEAD));
        return shown.toString();
    }

    private static boolean isHarmless(int c) {
        boolean direction = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
        boolean line = c == 0x2028 || c == 0x2029;
        boolean surrogate = c >= 0xd800 && c <= 0xdfff;
        return !Character.isISOControl(c) && !direction && !line && !surrogate && (c & 0xfffe) != 0xfffe;
    }
}
