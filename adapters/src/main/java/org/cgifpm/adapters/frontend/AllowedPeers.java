package org.cgifpm.adapters.frontend;

import java.net.InetAddress;
import java.util.Set;
import java.util.function.Predicate;

/** Who may connect to a pool, decided on what the kernel says of the peer. */
public sealed interface AllowedPeers {
    /** Whoever the socket file's mode lets in. */
    record Anyone() implements AllowedPeers {}

    /** Unix sockets: the peer's effective user at connect time. */
    record UserIds(Set<Integer> uids) implements AllowedPeers {
        public UserIds {
            uids = Set.copyOf(uids);
        }

        boolean allow(int uid) {
            return uids.contains(uid);
        }
    }

    /** TCP: the peer's address. */
    record Clients(Predicate<InetAddress> allowed) implements AllowedPeers {}
}
