package org.cgifpm.protocol.fastcgi;

/**
 * The body of END_REQUEST (FastCGI 1.0, 5.5).
 *
 * @param appStatus what the application says, for a CGI program its exit status; four bytes on the wire
 * @param protocolStatus the number as it came, 0 to 255: see {@link ProtocolStatus#of}
 */
public record EndRequest(int appStatus, int protocolStatus) {
    static final int SIZE = 8;

    /** Takes the eight bytes apart; reserved bytes are ignored. */
    static EndRequest of(long body) {
        return new EndRequest((int) (body >>> 32), (int) (body >>> 24) & 0xff);
    }

    static long body(int appStatus, ProtocolStatus status) {
        return (long) appStatus << 32 | (long) status.code() << 24;
    }
}
