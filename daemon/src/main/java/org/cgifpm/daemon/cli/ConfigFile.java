package org.cgifpm.daemon.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.adapters.os.Users;
import org.cgifpm.daemon.config.Config;
import org.cgifpm.daemon.config.ConfigException;
import org.cgifpm.daemon.config.ConfigReader;
import org.cgifpm.daemon.config.Identity;
import org.cgifpm.daemon.log.LogForm;

/** Reads the configuration as this process would run it. */
final class ConfigFile {
    static final String DEFAULT = "/etc/cgi-fpm/cgi-fpm.toml";

    private ConfigFile() {}

    /** Who this process is, and whether it can be someone else. */
    static Identity self(Syscalls syscalls) {
        int uid = syscalls.effectiveUser();
        String name = new Users(syscalls).name(uid).orElse(Integer.toUnsignedString(uid));
        return new Identity(uid, name, Privileges.ofThisProcess());
    }

    static Config read(Path file, Syscalls syscalls) throws ConfigException {
        return new ConfigReader(self(syscalls), new SystemNames(new Users(syscalls)), System.getenv()).read(file);
    }

    /** The configuration, or nothing; all that is wrong with it, or should be known, has been printed. */
    static Optional<Config> readOrTell(Path file, Syscalls syscalls, PrintStream err) {
        return readOrTell(file, syscalls, err, LogForm.PLAIN);
    }

    /** @param form how the lines are marked for whoever reads {@code err} */
    static Optional<Config> readOrTell(Path file, Syscalls syscalls, PrintStream err, LogForm form) {
        try {
            Config config = read(file, syscalls);
            config.warnings().forEach(warning -> err.println(form.warningMark() + warning));
            return Optional.of(config);
        } catch (ConfigException e) {
            tell(e, err, form);
            return Optional.empty();
        }
    }

    static void tell(ConfigException e, PrintStream err, LogForm form) {
        e.warnings().forEach(warning -> err.println(form.warningMark() + warning));
        e.problems().forEach(problem -> err.println(form.errorMark() + problem));
    }
}
