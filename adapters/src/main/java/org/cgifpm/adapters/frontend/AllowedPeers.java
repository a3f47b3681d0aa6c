package org.cgifpm.adapters.frontend;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/** Who may connect to a pool, decided on what the kernel says of the peer. */
public sealed interface AllowedPeers {
    /** Whoever the socket file's mode lets in. */
    record Anyone() implements AllowedPeers {}

    /** Unix sockets: the peer's effective user at connect time. */
    record UserIds(Set<Integer> uids) implements AllowedPeers {
        public UserIds {
            uids = Set.copyOf(uids);
        }

        public boolean allow(int uid) {
            return uids.contains(uid);
        }
    }

    /** TCP: the peer's address. */
    record Networks(List<Network> networks) implements AllowedPeers {
        public Networks {
            networks = List.copyOf(networks);
        }

        public boolean allow(InetAddress address) {
            return networks.stream().anyMatch(network -> network.contains(address));
        }
    }

    /** An address with the number of leading bits that count. */
    record Network(InetAddress address, int bits) {
        boolean contains(InetAddress other) {
            byte[] mine = address.getAddress();
            byte[] theirs = other.getAddress();
            if (mine.length != theirs.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if (((mine[bit >> 3] ^ theirs[bit >> 3]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
