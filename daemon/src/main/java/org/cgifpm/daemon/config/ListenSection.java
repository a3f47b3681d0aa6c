package org.cgifpm.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.cgifpm.daemon.config.ListenAddress.Inherited;
import org.cgifpm.daemon.config.ListenAddress.Tcp;
import org.cgifpm.daemon.config.ListenAddress.UnixPath;
import org.jspecify.annotations.Nullable;

/** Reads the keys of a pool that say where it listens and who may connect. */
final class ListenSection {
    private static final long LARGEST_ID = 0xffff_fffeL;

    private final Section pool;
    private final UserNames names;

    ListenSection(Section pool, UserNames names) {
        this.pool = pool;
        this.names = names;
    }

    /** Null if there is no address that can be used; a problem says why. Everything else is checked all the same. */
    @Nullable
    ListenSettings read() {
        ListenAddress address = address();
        Optional<NamedId> owner = id("listen_owner", "user", names::uid);
        Optional<NamedId> group = id("listen_group", "group", names::gid);
        int mode = mode();
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
            if (host != null && !host.isLoopback() && !pool.has("allowed_clients")) {
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

    private Optional<NamedId> id(String key, String kind, Function<String, OptionalInt> lookUp) {
        if (pool.value(key) instanceof Long number) {
            return named(key, Long.toString(number), kind, lookUp);
        }
        return pool.string(key).flatMap(name -> named(key, name, kind, lookUp));
    }

    private Optional<NamedId> named(String key, String name, String kind, Function<String, OptionalInt> lookUp) {
        if (Section.isNumber(name)) {
            if (name.length() <= 10 && Long.parseLong(name) <= LARGEST_ID) {
                return Optional.of(new NamedId(name, (int) Long.parseLong(name)));
            }
            pool.problem(key, name + " is out of range; ids go from 0 to " + LARGEST_ID);
            return Optional.empty();
        }
        OptionalInt id = name.isEmpty() || name.startsWith("-") ? OptionalInt.empty() : lookUp.apply(name);
        if (id.isEmpty()) {
            pool.problem(key, "there is no " + kind + " " + Wording.quote(name) + " on this system");
            return Optional.empty();
        }
        return Optional.of(new NamedId(name, id.getAsInt()));
    }

    private int mode() {
        int otherwise = ListenSettings.DEFAULT_MODE;
        if (pool.value("listen_mode") instanceof Long number) {
            String digits = number < 1000 && number >= 0 ? "0" + number : "0660";
            pool.problem(
                    "listen_mode",
                    Wording.found(number) + "; a mode is octal and stands in quotes: write \"" + digits + "\"");
            return otherwise;
        }
        Optional<String> text = pool.string("listen_mode");
        if (text.isEmpty()) {
            return otherwise;
        }
        String digits = text.get();
        int mode = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            mode = digit >= 0 && digit <= 7 && mode <= 0777 ? mode * 8 + digit : 01000;
        }
        if (digits.length() < 3 || digits.length() > 4 || mode > 0777) {
            pool.problem(
                    "listen_mode",
                    Wording.quote(digits) + " is not a mode from \"0000\" to \"0777\"; write such as \"0660\"");
            return otherwise;
        }
        return mode;
    }

    private Optional<List<NamedId>> users() {
        Optional<List<String>> listed = pool.strings("allowed_users", true);
        if (listed.isEmpty()) {
            return Optional.empty();
        }
        if (listed.get().isEmpty()) {
            pool.problem("allowed_users", "is empty, so that nobody may connect; name a user or remove the key");
            return Optional.empty();
        }
        List<NamedId> users = new ArrayList<>();
        for (String name : listed.get()) {
            named("allowed_users", name, "user", names::uid).ifPresent(users::add);
        }
        return Optional.of(users);
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
