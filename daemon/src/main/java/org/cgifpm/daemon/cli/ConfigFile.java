package org.cgifpm.daemon.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.os.Users;
import org.cgifpm.daemon.config.Config;
import org.cgifpm.daemon.config.ConfigException;
import org.cgifpm.daemon.config.ConfigReader;
import org.cgifpm.daemon.config.Identity;
import org.cgifpm.daemon.config.UserNames;

/** Reads the configuration as this process would run it. */
final class ConfigFile {
    static final String DEFAULT = "/etc/cgi-fpm/cgi-fpm.toml";

    private ConfigFile() {}

    /** Who this process is. */
    static Identity self(Syscalls syscalls) {
        int uid = syscalls.effectiveUser();
        return new Identity(uid, new Users(syscalls).name(uid).orElse(Integer.toUnsignedString(uid)));
    }

    static Config read(Path file, Syscalls syscalls) throws ConfigException {
        Users users = new Users(syscalls);
        UserNames names = new UserNames() {
            @Override
            public OptionalInt uid(String name) {
                return users.uid(name);
            }

            @Override
            public OptionalInt gid(String name) {
                return users.gid(name);
            }
        };
        return new ConfigReader(self(syscalls), names, System.getenv()).read(file);
    }

    /** The configuration, or nothing after all that is wrong with it has been printed. */
    static Optional<Config> readOrTell(Path file, Syscalls syscalls, PrintStream err) {
        try {
            return Optional.of(read(file, syscalls));
        } catch (ConfigException e) {
            e.problems().forEach(err::println);
            return Optional.empty();
        }
    }
}
