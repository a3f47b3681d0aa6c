package org.cgifpm.systemd;

import java.io.IOException;

/** Sends one datagram to a Unix socket; whoever has system calls implements it. */
@FunctionalInterface
public interface Datagrams {
    /**
     * Sends {@code message} as one datagram, without waiting longer than a moment for a busy receiver.
     *
     * @param socket an absolute path, or {@code @NAME} for a socket in the abstract namespace (the {@code @} stands for
     *     the leading zero byte)
     * @throws IOException when it could not be sent
     */
    void send(String socket, byte[] message) throws IOException;
}
