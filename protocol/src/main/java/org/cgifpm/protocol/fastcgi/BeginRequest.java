package org.cgifpm.protocol.fastcgi;

/**
 * The body of BEGIN_REQUEST (FastCGI 1.0, 5.1).
 *
 * @param role the number as it came, 0 to 65535: it may be none that {@link Role#of} knows
 * @param keepConnection the web server, not the application, closes the connection
 */
public record BeginRequest(int role, boolean keepConnection) {
    static final int SIZE = 8;

    private static final int KEEP_CONN = 1;

    /** Takes the eight bytes apart; reserved bytes and unknown flags are ignored. */
    static BeginRequest of(long body) {
        int role = (int) (body >>> 48);
        int flags = (int) (body >>> 40) & 0xff;
        return new BeginRequest(role, (flags & KEEP_CONN) != 0);
    }

    static long body(Role role, boolean keepConnection) {
        return (long) role.code() << 48 | (keepConnection ? (long) KEEP_CONN << 40 : 0);
    }
}
