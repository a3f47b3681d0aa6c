package org.cgifpm.adapters.frontend.http;

/**
 * What the request line asks for (RFC 9112, 3.2), split but not decoded.
 *
 * @param uri path and query: what REQUEST_URI holds
 * @param path begins with a slash; as it was sent
 * @param query without the question mark; as it was sent, empty when there is none
 */
record RequestTarget(String uri, String path, String query) {
    /** Reads the origin form and the absolute form; {@code *} and authorities are for proxies and are refused. */
    static RequestTarget of(String target) throws BadRequestException {
        String rest = target;
        int fragment = rest.indexOf('#');
        if (fragment >= 0) {
            throw new BadRequestException(400, "a fragment in the request target");
        }
        if (!rest.startsWith("/")) {
            rest = afterAuthority(rest);
        }
        int question = rest.indexOf('?');
        return question < 0
                ? new RequestTarget(rest, rest, "")
                : new RequestTarget(rest, rest.substring(0, question), rest.substring(question + 1));
    }

    private static String afterAuthority(String target) throws BadRequestException {
        if (!target.regionMatches(true, 0, "http://", 0, 7)) {
            throw new BadRequestException(400, "the request target is not a path");
        }
        int end = 7;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        String rest = target.substring(end);
        return rest.startsWith("/") ? rest : "/" + rest;
    }
}
