package org.cgifpm.daemon.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.Config;
import org.cgifpm.daemon.config.ConfigDump;
import org.cgifpm.daemon.config.ConfigException;
import org.cgifpm.daemon.log.LogForm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cgi-fpm check}: is the configuration right, and if not, everything that is wrong with it. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Check the configuration; every problem is told with file and line.",
        exitCodeList = {"0:the configuration is right", "2:it is not"})
public final class CheckCommand implements Callable<Integer> {
    @Option(names = "-c", paramLabel = "FILE", description = "Configuration, ${DEFAULT-VALUE} if not given.")
    private Path file = Path.of(ConfigFile.DEFAULT);

    @Option(names = "--dump", description = "Print the configuration in force, defaults included.")
    private boolean dump;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    @SuppressWarnings("SystemOut")
    public Integer call() {
        try {
            Config config = ConfigFile.read(file, new Syscalls());
            if (dump || !json) {
                config.warnings().forEach(System.err::println);
            }
            if (dump) {
                System.out.print(json ? ConfigDump.json(config) : ConfigDump.toml(config));
            } else if (json) {
                System.out.print(ConfigDump.problems(List.of(), config.warnings()));
            } else {
                System.out.println(file + ": right (" + config.pools().size() + " pools)");
            }
            return 0;
        } catch (ConfigException e) {
            if (json) {
                System.out.print(ConfigDump.problems(e.problems(), e.warnings()));
            } else {
                ConfigFile.tell(e, System.err, LogForm.PLAIN);
            }
            return 2;
        }
    }
}
