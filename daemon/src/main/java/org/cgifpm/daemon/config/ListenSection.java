package org.cgifpm.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cgifpm.daemon.config.ListenAddress.Inherited;
import org.cgifpm.daemon.config.ListenAddress.Tcp;
import org.cgifpm.daemon.config.ListenAddress.UnixPath;
import org.jspecify.annotations.Nullable;

/** Reads the keys of a pool that say where it listens and who may connect. */
final class ListenSection {
    private final Section pool;
    private final IdKeys ids;
    private final Dispatch dispatch;

    /** @param dispatch who accepts, as nobody but the daemon asks whom {@code allowed_clients} lets in */
    ListenSection(Section pool, UserNames names, Dispatch dispatch) {
        this.pool = pool;
        this.dispatch = dispatch;
        this.ids = new IdKeys(pool, names);
    }

    /** Null if there is no address that can be used; a problem says why. Everything else is checked all the same. */
    @Nullable
    ListenSettings read() {
        ListenAddress address = address();
        Optional<NamedId> owner = ids.user("listen_owner");
        Optional<NamedId> group = ids.group("listen_group");
        int mode = OctalText.read(pool, "listen_mode", ListenSettings.DEFAULT_MODE, "0660");
        int backlog = pool.integer("listen_backlog", ListenSettings.DEFAULT_BACKLOG, 1, 65_535);
        Optional<List<NamedId>> users = users();
        List<ClientNetwork> clients = clients();
        if (address == null) {
            return null;
        }
        refuseKeysWithoutEffect(address);
        return new ListenSettings(address, owner, group, mode, backlog, users, clients);
    }

    private @Nullable ListenAddress address() {
        if (!pool.has("listen")) {
            pool.problem("listen", "missing; say where to listen, such as listen = \"/run/cgi-fpm/main.sock\"");
            return null;
        }
        Optional<String> text = pool.string("listen");
        if (text.isEmpty()) {
            return null;
        }
        try {
            return ListenText.parse(text.get());
        } catch (BadValueException e) {
            pool.problem("listen", e.getMessage());
            return null;
        }
    }

    /** A rule that is never asked is worse than none: whoever wrote it believes in it. */
    private void refuseKeysWithoutEffect(ListenAddress address) {
        if (address instanceof UnixPath) {
            withoutEffect("allowed_clients", "a socket path; use allowed_users");
        } else if (address instanceof Inherited) {
            String instead = "an inherited socket; set it in the socket unit";
            withoutEffect("listen_owner", instead);
            withoutEffect("listen_group", instead);
            withoutEffect("listen_mode", instead);
        } else if (address instanceof Tcp tcp) {
            String instead = "a TCP address; use allowed_clients";
            withoutEffect("listen_owner", instead);
            withoutEffect("listen_group", instead);
            withoutEffect("listen_mode", instead);
            withoutEffect("allowed_users", instead);
            IpAddress host = IpAddress.parse(tcp.host());
            if (host != null && !host.isLoopback() && dispatch == Dispatch.DIRECT) {
                pool.problem(
                        "dispatch",
                        "\"direct\" cannot be had on " + tcp + ", which can be reached from other machines, and where"
                                + " nobody would look who connects; listen on a socket path or a loopback address, or"
                                + " write \"relay\"");
            } else if (host != null && !host.isLoopback() && !pool.has("allowed_clients")) {
                pool.problem(
                        "allowed_clients",
                        "missing: " + tcp + " can be reached from other machines; say who may connect, such as"
                                + " allowed_clients = [\"10.0.0.5\"]");
            }
        }
    }

    private void withoutEffect(String key, String why) {
        if (pool.has(key)) {
            pool.problem(key, "has no effect on " + why);
        }
    }

    private Optional<List<NamedId>> users() {
        Optional<List<NamedId>> users = ids.users("allowed_users");
        if (pool.value("allowed_users") instanceof List<?> listed && listed.isEmpty()) {
            pool.problem("allowed_users", "is empty, so that nobody may connect; name a user or remove the key");
            return Optional.empty();
        }
        return users;
    }

    private List<ClientNetwork> clients() {
        Optional<List<String>> listed = pool.strings("allowed_clients", false);
        if (listed.isEmpty()) {
            return ListenSettings.DEFAULT_ALLOWED_CLIENTS;
        }
        if (listed.get().isEmpty()) {
            pool.problem("allowed_clients", "is empty, so that nobody may connect; name an address or remove the key");
        }
        List<ClientNetwork> clients = new ArrayList<>();
        for (String text : listed.get()) {
            try {
                clients.add(ClientNetwork.parse(text));
            } catch (BadValueException e) {
                pool.problem("allowed_clients", e.getMessage());
            }
        }
        return clients;
    }
}
