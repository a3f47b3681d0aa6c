package org.cgifpm.daemon.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.cgifpm.daemon.config.ListenAddress.Inherited;
import org.cgifpm.daemon.config.ListenAddress.Tcp;

/**
 * Says so when a pool's user may connect to the pool of another: a connection can ask for any script with any params, so
 * that it is as good as being that other user. Beside a pool of {@code @owner}, itself among them, any user of the machine
 * counts who may own scripts there.
 */
final class SocketSafety {
    private static final String EXAMPLE = " allowed_users = [\"www-data\"]";
    /** What is left where workers accept for themselves. */
    private static final String FILE_MODE =
            "let in the front end's user alone by listen_owner, listen_group and" + " listen_mode";

    private record Entry(Section pool, PoolSettings settings) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Identity self;
    private final UserNames names;

    SocketSafety(Identity self, UserNames names) {
        this.self = self;
        this.names = names;
    }

    void add(Section pool, PoolSettings settings) {
        entries.add(new Entry(pool, settings));
    }

    /** Call when all pools have been added. */
    void check() {
        for (Entry entry : entries) {
            if (alone(entry)) {
                others(entry);
            }
        }
    }

    /** Whether nothing is to be said about this pool that needs no other pool to say it. */
    private boolean alone(Entry entry) {
        ListenSettings listen = entry.settings.listen();
        RunAs runAs = entry.settings.identity().runAs();
        if (listen.allowedUsers().isPresent()) {
            return true;
        }
        String whom = whom(runAs);
        boolean direct = isDirect(entry);
        // Nobody would ask that key there, and addresses that other machines reach are refused.
        boolean named = entry.pool.has("allowed_clients") || (direct && listen.address() instanceof Tcp);
        if (isReachedByTcp(listen, named, runAs) && hasStrangers(entry)) {
            entry.pool.warning(
                    "listen",
                    "TCP cannot tell users apart, so that every user of this machine may connect and run scripts as "
                            + whom + "; listen on a socket path and "
                            + (direct ? FILE_MODE : "name the front end's user in allowed_users, such as" + EXAMPLE));
        }
        if (runAs instanceof RunAs.Self && entries.stream().noneMatch(SocketSafety::isOfOwners)) {
            return true;
        }
        if (listen.address() instanceof Tcp && !named && !(runAs instanceof RunAs.Self)) {
            entry.pool.problem(
                    "allowed_clients",
                    "missing: TCP cannot tell users apart, and every user of this machine may run scripts as " + whom
                            + "; say who may connect, such as allowed_clients = [\"127.0.0.1\"], or listen on a"
                            + " socket path");
            return false;
        }
        if (listen.address() instanceof Inherited && !named) {
            entry.pool.warning(
                    "listen",
                    "who may connect is not to be seen from here, and may run scripts as " + whom
                            + (direct
                                    ? "; see to it in the socket unit"
                                    : "; name the front end's user in allowed_users, or allowed_clients for TCP"));
        }
        if (listen.address() instanceof ListenAddress.UnixPath && (listen.mode() & 02) != 0) {
            entry.pool.problem(
                    "listen",
                    "everybody may connect (listen_mode = " + Wording.quote(OctalText.format(listen.mode()))
                            + ") and run scripts as " + whom
                            + "; "
                            + (direct ? FILE_MODE : "name the front end's user in allowed_users, such as" + EXAMPLE));
            return false;
        }
        return true;
    }

    private static boolean isDirect(Entry entry) {
        return entry.settings.workers().dispatch() == Dispatch.DIRECT;
    }

    private static boolean isOfOwners(Entry entry) {
        return entry.settings.identity().runAs() instanceof RunAs.Owner;
    }

    /** Whether another than root and whom this pool runs as may be about on this machine, as far as the file tells. */
    private boolean hasStrangers(Entry to) {
        RunAs runAs = to.settings.identity().runAs();
        return !(runAs instanceof RunAs.Self)
                || entries.stream()
                        .map(from -> from.settings.identity().runAs())
                        .anyMatch(from -> from instanceof RunAs.Owner
                                || (from instanceof RunAs.User user && user.uid() != 0 && !isSame(user.uid(), runAs)));
    }

    /**
     * Whether this machine's own users come in by TCP for sure; that a socket which was handed over is one of TCP shows in
     * the key alone. Without the key a pool of another user's is refused anyway.
     */
    private static boolean isReachedByTcp(ListenSettings listen, boolean named, RunAs runAs) {
        boolean local = listen.allowedClients().stream()
                .anyMatch(network -> network.contains(IpAddress.LOOPBACK4) || network.contains(IpAddress.LOOPBACK6));
        boolean byDefault = listen.address() instanceof Tcp && runAs instanceof RunAs.Self;
        return local && (named || byDefault) && !(listen.address() instanceof ListenAddress.UnixPath);
    }

    private void others(Entry to) {
        entries.stream().filter(SocketSafety::isOfOwners).forEach(from -> owners(from, to));
        Set<String> listed = new LinkedHashSet<>();
        Set<String> reached = new LinkedHashSet<>();
        for (Entry from : entries) {
            if (!(from.settings.identity().runAs() instanceof RunAs.User user)
                    || user.uid() == 0
                    || isSame(user.uid(), to.settings.identity().runAs())) {
                continue;
            }
            if (to.settings.listen().allowedUsers().isPresent()) {
                if (to.settings.listen().allowedUsers().get().stream().anyMatch(id -> id.id() == user.uid())) {
                    listed.add(who(from, user));
                }
            } else if (opens(to.settings.listen(), user)) {
                reached.add(who(from, user));
            }
        }
        String power = " could run scripts as " + whom(to.settings.identity().runAs());
        if (!listed.isEmpty()) {
            to.pool.problem(
                    "allowed_users",
                    "lets in " + String.join(", and ", listed) + "; they" + power
                            + ": take the name out, or run that pool as another user");
        }
        if (!reached.isEmpty()) {
            to.pool.problem(
                    "listen",
                    "its owner, group and mode let in " + String.join(", and ", reached) + "; they" + power
                            + ": "
                            + (isDirect(to)
                                    ? FILE_MODE
                                    : "name the front end's user alone in allowed_users, such as" + EXAMPLE));
        }
    }

    private static String who(Entry pool, RunAs.User user) {
        return Wording.quote(user.name()) + ", as whom " + pool.pool.full("") + " runs its scripts";
    }

    /** Says which of the users that are let in by name may own scripts of another pool. */
    private void owners(Entry from, Entry to) {
        ListenSettings listen = to.settings.listen();
        boolean byMode = listen.address() instanceof ListenAddress.UnixPath && (listen.mode() & 0200) != 0;
        List<NamedId> named =
                listen.allowedUsers().orElse(byMode ? listen.owner().stream().toList() : List.of());
        int least = from.settings.identity().minUid();
        List<String> found = named.stream()
                .filter(id -> Integer.compareUnsigned(id.id(), least) >= 0
                        && !isSame(id.id(), to.settings.identity().runAs()))
                .map(id -> Wording.quote(id.name()))
                .toList();
        if (!found.isEmpty()) {
            to.pool.problem(
                    listen.allowedUsers().isPresent() ? "allowed_users" : "listen_owner",
                    "lets in " + String.join(", ", found) + ", who may own scripts of " + from.pool.full("")
                            + "; they could run scripts as "
                            + whom(to.settings.identity().runAs())
                            + ": let in root and users below its min_uid = " + least + " only");
        }
    }

    private boolean isSame(int uid, RunAs other) {
        return other instanceof RunAs.User user ? user.uid() == uid : other instanceof RunAs.Self && self.uid() == uid;
    }

    private String whom(RunAs runAs) {
        if (runAs instanceof RunAs.User user) {
            return Wording.quote(user.name());
        }
        return runAs instanceof RunAs.Owner ? "any owner of scripts" : Wording.quote(self.name());
    }

    /** Whether the socket file lets a user connect, which takes the right to write it (unix(7)). */
    private boolean opens(ListenSettings listen, RunAs.User user) {
        if (!(listen.address() instanceof ListenAddress.UnixPath)) {
            return false;
        }
        int owner = listen.owner().map(NamedId::id).orElse(self.uid());
        if (owner == user.uid()) {
            return (listen.mode() & 0200) != 0;
        }
        OptionalInt group =
                listen.group().isPresent() ? OptionalInt.of(listen.group().get().id()) : names.groupOf(self.uid());
        boolean member = group.isPresent()
                && (group.getAsInt() == user.gid() || user.groups().contains(group.getAsInt()));
        return (listen.mode() & (member ? 020 : 02)) != 0;
    }
}
