package org.cgifpm.adapters.frontend;

import java.util.Set;
import org.cgifpm.protocol.fastcgi.Role;

/**
 * What one connection may take and how long it may wait; the names are those of the pool's configuration keys. Times
 * are nanoseconds, 0 means no limit.
 *
 * @param paramsTimeoutNanos from the first byte of a request to its complete params
 * @param idleTimeoutNanos a connection with no request on it ({@code connection_idle_timeout})
 * @param lingerTimeoutNanos how long the rest of an unread body is read off after an answer
 * @param requestBodyMax bytes of STDIN, and as many of a filter's DATA; beyond it is a 413
 * @param maxRequests what is said to a front end that asks for FCGI_MAX_REQS
 * @param maxConnections what is said to a front end that asks for FCGI_MAX_CONNS
 * @param spoolFolder where bodies go that cannot be kept in memory; files there have no name
 * @param roles what its requests may ask for; any other role is answered with UNKNOWN_ROLE
 */
public record ConnectionLimits(
        long paramsTimeoutNanos,
        long idleTimeoutNanos,
        long lingerTimeoutNanos,
        long requestBodyMax,
        int maxRequests,
        int maxConnections,
        String spoolFolder,
        Set<Role> roles) {
    /** Pairs in one request's params; more is a 431. */
    public static final int MAX_PARAMS = 2048;
    /** Bytes in one request's params; more is a 431. A program could not be started with more anyway. */
    public static final int MAX_PARAMS_BYTES = 1 << 20;
    /** Body bytes of one request kept in memory before the connection is paused or a file is used. */
    public static final int BODY_MEMORY = 64 * 1024;
    /** Body bytes of one request kept in memory while all of it is read in first; beyond, all of it is in a file. */
    public static final int BUFFERED_BODY_MEMORY = 16 * 1024;
    /** Response bytes waiting for the front end before a backend is told to wait. */
    public static final int OUTPUT_MEMORY = 64 * 1024;
    /** Requests at one time on one connection; one more is answered with FCGI_OVERLOADED. */
    public static final int MAX_MULTIPLEXED = 256;

    public ConnectionLimits {
        roles = Set.copyOf(roles);
    }

    /** Takes {@link Role#RESPONDER} only, which is all that a CGI program can be. */
    public ConnectionLimits(
            long paramsTimeoutNanos,
            long idleTimeoutNanos,
            long lingerTimeoutNanos,
            long requestBodyMax,
            int maxRequests,
            int maxConnections,
            String spoolFolder) {
        this(
                paramsTimeoutNanos,
                idleTimeoutNanos,
                lingerTimeoutNanos,
                requestBodyMax,
                maxRequests,
                maxConnections,
                spoolFolder,
                Set.of(Role.RESPONDER));
    }
}
