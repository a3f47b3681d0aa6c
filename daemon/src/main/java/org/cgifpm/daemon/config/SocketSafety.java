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
 * that it is as good as being that other user.
 */
final class SocketSafety {
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
    private static boolean alone(Entry entry) {
        ListenSettings listen = entry.settings.listen();
        RunAs runAs = entry.settings.identity().runAs();
        if (runAs instanceof RunAs.Self || listen.allowedUsers().isPresent()) {
            return true;
        }
        String whom = runAs instanceof RunAs.User user ? Wording.quote(user.name()) : "any owner of scripts";
        boolean named = entry.pool.has("allowed_clients");
        if (listen.address() instanceof Tcp && !named) {
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
                            + "; name the front end's user in allowed_users, or allowed_clients for TCP");
        }
        if (listen.address() instanceof ListenAddress.UnixPath && (listen.mode() & 02) != 0) {
            entry.pool.problem(
                    "listen",
                    "everybody may connect (listen_mode = " + Wording.quote(OctalText.format(listen.mode()))
                            + ") and run scripts as " + whom
                            + "; name the front end's user in allowed_users, such as allowed_users = [\"www-data\"]");
            return false;
        }
        return true;
    }

    private void others(Entry to) {
        Set<String> listed = new LinkedHashSet<>();
        Set<String> reached = new LinkedHashSet<>();
        for (Entry from : entries) {
            if (!(from.settings.identity().runAs() instanceof RunAs.User user)
                    || user.uid() == 0
                    || isSame(user, to.settings.identity().runAs())) {
                continue;
            }
            String who = Wording.quote(user.name()) + ", as whom " + from.pool.full("") + " runs its scripts";
            if (to.settings.listen().allowedUsers().isPresent()) {
                if (to.settings.listen().allowedUsers().get().stream().anyMatch(id -> id.id() == user.uid())) {
                    listed.add(who);
                }
            } else if (opens(to.settings.listen(), user)) {
                reached.add(who);
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
                            + ": name the front end's user alone in allowed_users, such as allowed_users ="
                            + " [\"www-data\"]");
        }
    }

    private boolean isSame(RunAs.User user, RunAs other) {
        if (other instanceof RunAs.User there) {
            return there.uid() == user.uid();
        }
        return other instanceof RunAs.Self && self.uid() == user.uid();
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
