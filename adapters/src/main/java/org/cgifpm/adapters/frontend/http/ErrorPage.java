package org.cgifpm.adapters.frontend.http;

import java.nio.charset.StandardCharsets;

/**
 * What the developer sees when there is no answer: what happened, what to do, and what the script wrote to stderr.
 *
 * @param status 400 to 599
 * @param phrase the status in words
 * @param path the URL path, ISO-8859-1 as it was sent
 * @param reason what happened, ISO-8859-1
 * @param hint what to do about it, may be empty
 * @param stderr ISO-8859-1, may be empty; only its last 4 kB are shown
 */
record ErrorPage(int status, String phrase, String path, String reason, String hint, String stderr) {
    private static final int TAIL = 4096;

    byte[] html() {
        Html html = new Html(status + " " + phrase);
        html.raw("<nav class=\"crumbs\"><a href=\"/\">All scripts</a></nav>\n");
        html.raw("<p class=\"status\">").text(status + " " + phrase).raw("</p>\n");
        html.raw("<h1>").text(sentence(Listing.decoded(reason))).raw("</h1>\n");
        html.raw("<p class=\"soft\">").text(Listing.decoded(path)).raw("</p>\n");
        if (!hint.isEmpty()) {
            html.raw("<div class=\"card\">").text(hint).raw("</div>\n");
        }
        if (!stderr.isBlank()) {
            html.raw("<h2>What the script wrote to stderr</h2>\n<pre>");
            html.text(Listing.decoded(tail(stderr))).raw("</pre>\n");
        }
        return html.raw("<footer>cgi-fpm serve, for development only</footer>\n")
                .end();
    }

    /** The same for programs: UTF-8 text. */
    byte[] plain() {
        StringBuilder text = new StringBuilder();
        text.append(status)
                .append(' ')
                .append(phrase)
                .append(": ")
                .append(Listing.decoded(reason))
                .append('\n');
        if (!hint.isEmpty()) {
            text.append(hint).append('\n');
        }
        if (!stderr.isBlank()) {
            text.append('\n').append(Listing.decoded(tail(stderr))).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** From the first whole line within the last 4 kB. */
    private static String tail(String text) {
        String stripped = text.stripTrailing();
        if (stripped.length() <= TAIL) {
            return stripped;
        }
        String tail = stripped.substring(stripped.length() - TAIL);
        int newline = tail.indexOf('\n');
        return newline >= 0 && newline < TAIL - 1 ? tail.substring(newline + 1) : tail;
    }

    private static String sentence(String text) {
        return text.isEmpty() ? "Something went wrong" : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
