package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
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
        private final Map<String, Integer> users =
                Map.of("root", 0, "toor", 0, "www-data", 33, "legacy", 1001, "bob", 1003);
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
                case 1003 -> Optional.of("bob");
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
    private final Map<Path, FileOwner> owners = new HashMap<>();
    private Identity self = WWW_DATA;

    ConfigFolder(Path folder) throws IOException {
        this.folder = folder.toRealPath();
        folder("run", "rwxr-xr-x");
        folder("cgi", "rwxr-xr-x");
    }

    /** Makes a folder, whatever the umask. */
    ConfigFolder folder(String name, String permissions) throws IOException {
        return mode(permissions, Files.createDirectory(path(name)));
    }

    ConfigFolder mode(String name, String permissions) throws IOException {
        return mode(permissions, path(name));
    }

    private ConfigFolder mode(String permissions, Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        return this;
    }

    /** A file that can be executed. */
    ConfigFolder program(String name) throws IOException {
        return write(name, "#!/bin/sh\n").mode(name, "rwxr-xr-x");
    }

    /** As if a file belonged to someone else; what is not named belongs to root, whoever runs the test. */
    ConfigFolder owned(String name, int uid, int gid) {
        Path path = path(name);
        FileOwner real = FileOwners.SYSTEM.of(path).orElseThrow();
        owners.put(path, new FileOwner(uid, gid, real.mode()));
        return this;
    }

    /** As if a folder had this mode too, which not everybody can set, such as 01777. */
    ConfigFolder owned(String name, int uid, int gid, int permissions) {
        owners.put(path(name), new FileOwner(uid, gid, 0040000 | permissions));
        return this;
    }

    private Optional<FileOwner> owner(Path file) {
        if (owners.containsKey(file)) {
            return Optional.of(owners.get(file));
        }
        return FileOwners.SYSTEM.of(file).map(real -> new FileOwner(0, 0, real.mode()));
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
            mode(name, "rw-r--r--");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** What {@code $D/c.toml} says. */
    Config read() throws ConfigException {
        return readFile("c.toml");
    }

    Config readFile(String name) throws ConfigException {
        return reader().read(path(name));
    }

    Config read(String toml) throws ConfigException {
        return write("c.toml", toml).read();
    }

    /** What is said beside about a configuration that is right, as it is printed. */
    List<String> warnings(String toml) throws ConfigException {
        return printed(read(toml).warnings());
    }

    /** The problems of {@code $D/c.toml}, as they are printed. */
    List<String> problems() {
        ConfigException failure = assertThrows(ConfigException.class, this::read);
        return printed(failure.problems());
    }

    private List<String> printed(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.toString().replace(folder.toString(), "$D"))
                .toList();
    }

    List<String> problems(String toml) {
        return write("c.toml", toml).problems();
    }

    private ConfigReader reader() {
        return new ConfigReader(self, NAMES, Map.of("LANG", "de_DE.UTF-8", "EMPTY", ""), this::owner);
    }
}
