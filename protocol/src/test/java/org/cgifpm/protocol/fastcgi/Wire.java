package org.cgifpm.protocol.fastcgi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes written down by hand, so that no reader is only tested against our own writer. */
final class Wire {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** One record of version 1. */
    Wire record(int type, int id, byte[] content, int padding) {
        bytes.write(1);
        bytes.write(type);
        bytes.write(id >>> 8);
        bytes.write(id);
        bytes.write(content.length >>> 8);
        bytes.write(content.length);
        bytes.write(padding);
        bytes.write(0xee); // reserved, ignored
        bytes.writeBytes(content);
        for (int i = 0; i < padding; i++) {
            bytes.write(0xaa);
        }
        return this;
    }

    Wire record(int type, int id, String content) {
        return record(type, id, text(content), 0);
    }

    Wire raw(byte[] raw) {
        bytes.writeBytes(raw);
        return this;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
