package org.cgifpm.daemon.log.access;

import org.cgifpm.adapters.Ending;
import org.cgifpm.adapters.os.ExitStatus;
import org.cgifpm.protocol.cgi.Params;
import org.cgifpm.protocol.cgi.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the access log can say of one request that is over. Strings from the wire are ISO-8859-1, a char for
 * a byte, and not escaped yet.
 *
 * @param peer who was at the other end of the connection: {@code uid 33 pid 812} or {@code 127.0.0.1:50122}
 * @param head the head of the answer, null if none went out
 * @param times when and how long
 * @param process what ran, or that nothing did
 * @param bytesIn of the request body, as far as it arrived
 * @param bytesOut of the answer's body, as far as it was handed to the front end
 * @param check the check that refused it, "" if none did
 * @param problem what went wrong, null if nothing did
 */
public record AccessEntry(
        long id,
        String pool,
        Params params,
        String peer,
        int status,
        @Nullable ResponseHead head,
        Times times,
        Ran process,
        long bytesIn,
        long bytesOut,
        String check,
        Ending ending,
        @Nullable String problem) {
    /**
     * @param arrivedMillis when its params were complete, milliseconds since 1970
     * @param loggedMillis when it was over, likewise
     * @param durationNanos from its arrival until its answer was out
     * @param queueNanos of that, how long it waited for a place
     */
    public record Times(long arrivedMillis, long loggedMillis, long durationNanos, long queueNanos) {}

    /**
     * @param pid 0 if none was started
     * @param parent the daemon's own number
     * @param script its path, "" if it never came to that
     * @param user who it ran as, "" if nothing ran
     * @param exit how it ended, null if nothing ran
     * @param peakMemory bytes, -1 where nobody counted
     */
    public record Ran(
            int pid,
            int parent,
            String script,
            String user,
            @Nullable ExitStatus exit,
            long peakMemory) {}

    String param(String name) {
        return params.getOrEmpty(name);
    }

    /** The script's URL path; the path that was asked for where the front end does not say it. */
    String uri() {
        String name = param("SCRIPT_NAME");
        return name.isEmpty() ? requestedPath() : name;
    }

    /** REQUEST_URI without its query. */
    String requestedPath() {
        String uri = param("REQUEST_URI");
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    /** Whom the front end names as its client; the peer of the connection where it names nobody; "" on a Unix socket. */
    String remoteAddress() {
        String address = param("REMOTE_ADDR");
        if (!address.isEmpty()) {
            return address;
        }
        int port = peer.lastIndexOf(':');
        return port < 0 || peer.startsWith("uid ") ? "" : peer.substring(0, port);
    }

    /** What CONTENT_LENGTH says, 0 where it says nothing that is a number. */
    long contentLength() {
        String length = param("CONTENT_LENGTH");
        long value = 0;
        for (int i = 0; i < length.length(); i++) {
            char c = length.charAt(i);
            if (c < '0' || c > '9') {
                return 0;
            }
            value = Math.min(value * 10 + (c - '0'), Long.MAX_VALUE / 100);
        }
        return value;
    }

    String script() {
        return process.script().isEmpty() ? param("SCRIPT_FILENAME") : process.script();
    }

    /** {@code done}, {@code refused}, {@code cut}, {@code timeout} or {@code client_gone}. */
    String outcome() {
        return switch (ending) {
            case DONE -> "done";
            case REFUSED -> "refused";
            case CUT -> "cut";
            case TIMEOUT -> "timeout";
            case CLIENT_GONE -> "client_gone";
        };
    }
}
