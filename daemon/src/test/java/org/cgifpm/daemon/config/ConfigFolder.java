package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Configuration files in a folder of their own. In what is written {@code $D} becomes that folder, and in problems the
 * folder becomes {@code $D} again. There are folders {@code $D/run} and {@code $D/cgi}.
 */
final class ConfigFolder {
    static final Identity WWW_DATA = new Identity(33, "www-data", false);
    static final Identity ROOT = new Identity(0, "root", true);
    static final UserNames NAMES = new UserNames() {
        private final Map<String, Integer> users = Map.of("root", 0, "toor", 0, "www-data", 33, "legacy", 1001);
        private final Map<String, Integer> groups = Map.of("root", 0, "www-data", 33, "web", 2000, "shop", 2001);

        @Override
        public OptionalInt uid(String name) {
            return users.containsKey(name) ? OptionalInt.of(users.get(name)) : OptionalInt.empty();
        }

        @Override
        public OptionalInt gid(String name) {
            return groups.containsKey(name) ? OptionalInt.of(groups.get(name)) : OptionalInt.empty();
        }

        @Override
        public Optional<String> name(int uid) {
            return switch (uid) {
                case 0 -> Optional.of("root");
                case 33 -> Optional.of("www-data");
                case 1001 -> Optional.of("legacy");
                default -> Optional.empty();
            };
        }

        @Override
        public OptionalInt groupOf(int uid) {
            return name(uid).isPresent() ? OptionalInt.of(uid == 1001 ? 1002 : uid) : OptionalInt.empty();
        }

        @Override
        public List<Integer> groups(String user, int gid) {
            return user.equals("legacy") ? List.of(gid, 2000) : List.of(gid);
        }
    };

    private final Path folder;
    private Identity self = WWW_DATA;

    ConfigFolder(Path folder) throws IOException {
        this.folder = folder.toRealPath();
        Files.createDirectory(folder.resolve("run"));
        Files.createDirectory(folder.resolve("cgi"));
    }

    ConfigFolder as(Identity identity) {
        self = identity;
        return this;
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    ConfigFolder write(String name, String text) {
        try {
            Files.createDirectories(path(name).getParent());
            Files.writeString(path(name), text.replace("$D", folder.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** What {@code $D/c.toml} says. */
    Config read() throws ConfigException {
        return reader().read(path("c.toml"));
    }

    Config read(String toml) throws ConfigException {
        return write("c.toml", toml).read();
    }

    /** The problems of {@code $D/c.toml}, as they are printed. */
    List<String> problems() {
        ConfigException failure = assertThrows(ConfigException.class, this::read);
        return failure.problems().stream()
                .map(problem -> problem.toString().replace(folder.toString(), "$D"))
                .toList();
    }

    List<String> problems(String toml) {
        return write("c.toml", toml).problems();
    }

    private ConfigReader reader() {
        return new ConfigReader(self, NAMES, Map.of("LANG", "de_DE.UTF-8", "EMPTY", ""));
    }
}
