package org.cgifpm.daemon.config;

import java.util.List;
import java.util.Optional;

/**
 * Where a pool listens, and who may connect.
 *
 * @param owner of the socket file; empty: the daemon's
 * @param group of the socket file; empty: the daemon's
 * @param mode of the socket file, 0 to 0777
 * @param backlog for listen(2), at least 1
 * @param allowedUsers by SO_PEERCRED; empty: whoever the mode lets in. Never set for a TCP address
 * @param allowedClients by address; for TCP connections only
 */
public record ListenSettings(
        ListenAddress address,
        Optional<NamedId> owner,
        Optional<NamedId> group,
        int mode,
        int backlog,
        Optional<List<NamedId>> allowedUsers,
        List<ClientNetwork> allowedClients) {
    public static final int DEFAULT_MODE = 0660;
    public static final int DEFAULT_BACKLOG = 511;

    /** {@code 127.0.0.1} and {@code ::1}. */
    public static final List<ClientNetwork> DEFAULT_ALLOWED_CLIENTS =
            List.of(ClientNetwork.host(IpAddress.LOOPBACK4), ClientNetwork.host(IpAddress.LOOPBACK6));

    public ListenSettings {
        allowedUsers = allowedUsers.map(List::copyOf);
        allowedClients = List.copyOf(allowedClients);
    }

    static ListenSettings defaults(ListenAddress address) {
        return new ListenSettings(
                address,
                Optional.empty(),
                Optional.empty(),
                DEFAULT_MODE,
                DEFAULT_BACKLOG,
                Optional.empty(),
                DEFAULT_ALLOWED_CLIENTS);
    }
}
