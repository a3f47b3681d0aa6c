package org.cgifpm.daemon.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cgifpm.daemon.config.ListenAddress.Tcp;
import org.cgifpm.daemon.config.ListenAddress.UnixPath;

/**
 * Finds pools that would listen at one place, where the second would take it from the first or fail to start, and what
 * lies where a socket shall be.
 */
final class SharedAddresses {
    private record Taken(ListenAddress address, String key, Source source) {}

    private final List<Taken> taken = new ArrayList<>();
    private final Problems problems;
    private final FileOwners files;

    SharedAddresses(Problems problems, FileOwners files) {
        this.problems = problems;
        this.files = files;
    }

    /** @param key whose value the address is, such as {@code pool.legacy.listen} */
    void claim(ListenAddress address, String key, Source source) {
        ListenAddress canonical =
                address instanceof UnixPath unix ? new UnixPath(Folders.canonical(unix.toString())) : address;
        for (Taken other : taken) {
            if (same(canonical, other.address)) {
                problems.add(
                        source,
                        key,
                        Wording.quote(address.toString()) + " is taken by " + other.key + " at "
                                + other.source.place(other.key) + "; give each its own");
                return;
            }
        }
        taken.add(new Taken(canonical, key, source));
        if (canonical instanceof UnixPath && isInTheWay(canonical.toString())) {
            problems.warn(
                    source,
                    key,
                    Wording.quote(address.toString())
                            + " is there and is no socket, so that nobody can listen there; move it away or choose another"
                            + " path");
        }
    }

    /**
     * A warning and no problem: whoever may write the folder of one pool's socket must not keep all others from being
     * reloaded.
     */
    private boolean isInTheWay(String file) {
        try {
            return files.of(Path.of(file)).filter(there -> !there.isSocket()).isPresent();
        } catch (InvalidPathException e) {
            return false; // its name cannot be written in this locale, and whoever listens there will see
        }
    }

    private static boolean same(ListenAddress one, ListenAddress other) {
        if (!(one instanceof Tcp a) || !(other instanceof Tcp b) || a.port() != b.port()) {
            return one.equals(other);
        }
        IpAddress here = IpAddress.parse(a.host());
        IpAddress there = IpAddress.parse(b.host());
        if (here == null || there == null) {
            return false;
        }
        if (here.isV4() != there.isV4()) {
            // A socket on [::] takes connections to addresses of version 4 too (ipv6(7)).
            IpAddress v6 = here.isV4() ? there : here;
            return v6.isWildcard();
        }
        return here.equals(there) || here.isWildcard() || there.isWildcard();
    }
}
