package org.cgifpm.e2e.client;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a client got: a status, header fields in their order, and a body.
 *
 * @param text the body, ISO-8859-1: one char for one byte
 * @param complete false when the client could see that something of it is missing
 */
public record Answer(int status, List<Field> fields, String text, boolean complete) {
    /** One header field, ISO-8859-1. */
    public record Field(String name, String value) {}

    public byte[] body() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The first field of that name, or an empty string. */
    public String header(String name) {
        return headers(name).stream().findFirst().orElse("");
    }

    /** All fields of that name, whatever its case. */
    public List<String> headers(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    @Override
    public String toString() {
        String start = text.substring(0, Math.min(text.length(), 300));
        return status + " " + fields + ", " + text.length() + " bytes: " + start + (complete ? "" : " (incomplete)");
    }
}
