package org.cgifpm.daemon.status.metrics;

import java.util.Locale;

/**
 * The head of an HTTP request (RFC 9112), as far as an endpoint with one page needs it.
 *
 * @param status what to answer: 200, or why not
 * @param head whether only the answer's head is wanted
 * @param openMetrics whether that form is wanted
 */
record ScrapeRequest(int status, boolean head, boolean openMetrics) {
    private static final String PATH = "/metrics";

    /** @param text all up to the empty line, bytes as ISO-8859-1 */
    static ScrapeRequest parse(String text) {
        String[] lines = text.split("\r?\n", -1);
        String[] words = lines[0].split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            return refused(400);
        }
        int query = words[1].indexOf('?');
        String path = query < 0 ? words[1] : words[1].substring(0, query);
        if (!path.equals(PATH)) {
            return refused(404);
        }
        boolean head = words[0].equals("HEAD");
        if (!head && !words[0].equals("GET")) {
            return refused(405);
        }
        return new ScrapeRequest(200, head, wantsOpenMetrics(lines));
    }

    static ScrapeRequest refused(int status) {
        return new ScrapeRequest(status, false, false);
    }

    /** Prometheus names what it can read with weights; whoever names OpenMetrics at all and does not forbid it, gets it. */
    private static boolean wantsOpenMetrics(String[] lines) {
        for (int i = 1; i < lines.length; i++) {
            String line = lines[i].toLowerCase(Locale.ROOT);
            if (line.startsWith("accept:")) {
                for (String type : line.substring("accept:".length()).split(",", -1)) {
                    boolean named = type.strip().startsWith("application/openmetrics-text");
                    if (named && !type.replace(" ", "").matches(".*;q=0(\\.0*)?(;.*)?")) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
