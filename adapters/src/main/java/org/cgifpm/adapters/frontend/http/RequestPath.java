package org.cgifpm.adapters.frontend.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The path of a URL, decoded, with {@code .} and {@code ..} resolved (RFC 3986, 5.2.4): safe to walk.
 *
 * <p>The segments stand for {@code "/" + String.join("/", segments)}. Empty ones in the middle are repeated slashes:
 * they mean nothing to the file system and are kept for PATH_INFO. The last one is empty when the path ends in a
 * slash. No segment is {@code .} or {@code ..} or holds a slash or a control character.
 */
record RequestPath(List<String> segments) {
    RequestPath {
        segments = List.copyOf(segments);
    }

    /** Reads a path as it stands in a request; one that climbs above the root is refused. */
    static RequestPath of(String raw) throws BadRequestException {
        String[] parts = (raw.startsWith("/") ? raw.substring(1) : raw).split("/", -1);
        List<String> segments = new ArrayList<>(parts.length);
        boolean folder = false;
        for (String part : parts) {
            String segment = PercentCoding.decode(part);
            requirePlain(segment);
            folder = segment.equals(".") || segment.equals("..");
            if (segment.equals("..")) {
                climb(segments);
            } else if (!segment.equals(".")) {
                segments.add(segment);
            }
        }
        if (folder || segments.isEmpty()) {
            segments.add("");
        }
        return new RequestPath(segments);
    }

    private static void requirePlain(String segment) throws BadRequestException {
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '/') {
                throw new BadRequestException(404, "an encoded slash in the path names no file");
            }
            if (c < 0x20 || c == 0x7f) {
                throw new BadRequestException(400, "a control character in the path");
            }
        }
    }

    /** Repeated slashes do not count, as in the file system: {@code /a//..} is {@code /}. */
    private static void climb(List<String> segments) throws BadRequestException {
        while (!segments.isEmpty() && segments.get(segments.size() - 1).isEmpty()) {
            segments.remove(segments.size() - 1);
        }
        if (segments.isEmpty()) {
            throw new BadRequestException(400, "the path climbs above the root");
        }
        segments.remove(segments.size() - 1);
    }

    boolean endsInSlash() {
        return segments.get(segments.size() - 1).isEmpty();
    }

    /** What is left over behind the segment at {@code index}: a PATH_INFO, empty or beginning with a slash. */
    String after(int index) {
        List<String> rest = segments.subList(index + 1, segments.size());
        return rest.isEmpty() ? "" : "/" + String.join("/", rest);
    }

    /** The path as a URL, repeated slashes collapsed, encoded. */
    String url() {
        StringBuilder url = new StringBuilder();
        for (String segment : segments) {
            if (!segment.isEmpty()) {
                url.append('/').append(PercentCoding.encode(segment));
            }
        }
        return endsInSlash() ? url.append('/').toString() : url.toString();
    }
}
