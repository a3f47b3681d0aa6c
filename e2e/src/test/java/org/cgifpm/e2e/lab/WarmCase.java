package org.cgifpm.e2e.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cgifpm.e2e.client.CgiParams;

/**
 * One request for a script of {@link WarmSite}, and what must come of it: a line of src/test/resources/warm/cases.txt.
 *
 * @param target the script's path without the first slash, perhaps a question mark and a query
 * @param exit the exit status, the name of a signal, or "-" if nothing is started
 * @param how it runs where there is a keeper
 * @param type the body's; empty for a GET
 */
public record WarmCase(String target, int status, String exit, How how, String type, String body) {
    /** How a script runs in a pool with keepers. */
    public enum How {
        /** In a fork, with the outcome that a process of its own has. */
        WARM,
        /** In a process of its own. */
        COLD,
        /** In a fork, with another answer or another standard error. */
        DIFFERS
    }

    /** All of the file, in its order. */
    public static List<WarmCase> all() {
        try {
            return Files.readAllLines(Repository.ROOT.resolve("e2e/src/test/resources/warm/cases.txt")).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(WarmCase::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static WarmCase of(String line) {
        String[] words = line.split(" +", 6);
        if (words.length < 4) {
            throw new AssertionError("no case: " + line);
        }
        return new WarmCase(
                words[0].replace("%20", " "),
                Integer.parseInt(words[1]),
                words[2],
                How.valueOf(words[3].toUpperCase(Locale.ROOT)),
                words.length > 4 ? words[4] : "",
                words.length > 5 ? words[5] : "");
    }

    /** The script's path below the root. */
    public String script() {
        return target.split("\\?", 2)[0];
    }

    /** What a web server would send, some fields with odd values among it. */
    public Map<String, String> params(WarmSite site) {
        String[] parts = target.split("\\?", 2);
        String query = parts.length > 1 ? parts[1] : "";
        byte[] body = bytes();
        Map<String, String> params = type.isEmpty()
                ? CgiParams.get(site.root(), "/" + parts[0], query)
                : CgiParams.post(site.root(), "/" + parts[0], query, body.length);
        if (!type.isEmpty()) {
            params.put("CONTENT_TYPE", type);
        }
        params.put("HTTP_X_BYTES", "\u00e4\u00ff\u00c3\u00a4");
        params.put("HTTP_X_EMPTY", "");
        params.put("HTTP_X_EQUALS", "a=b=c");
        params.put("HTTP_X_LONG", "x".repeat(60_000));
        return params;
    }

    /** The body with its escapes resolved. */
    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int at = 0;
        while (at < body.length()) {
            char next = body.charAt(at++);
            if (next == '\\') {
                char kind = body.charAt(at++);
                switch (kind) {
                    case 'n' -> bytes.write('\n');
                    case 'r' -> bytes.write('\r');
                    case 'x' -> {
                        bytes.write(Integer.parseInt(body.substring(at, at + 2), 16));
                        at += 2;
                    }
                    default -> bytes.write(kind);
                }
            } else if (next == '@') {
                int end = at;
                while (end < body.length() && Character.isDigit(body.charAt(end))) {
                    end++;
                }
                int count = Integer.parseInt(body.substring(at, end));
                bytes.writeBytes("x".repeat(count).getBytes(StandardCharsets.ISO_8859_1));
                at = end;
            } else {
                bytes.write(next);
            }
        }
        return bytes.toByteArray();
    }

    @Override
    public String toString() {
        return target + (type.isEmpty() ? "" : " with " + bytes().length + " bytes of " + type);
    }
}
