package org.cgifpm.daemon;

import java.nio.file.Path;
import org.cgifpm.daemon.cli.CgiFpmCommand;
import org.cgifpm.daemon.cli.RunCommand;
import picocli.CommandLine;

/** Where the JVM starts. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(execute(arguments));
    }

    /**
     * The line that a service is started with is understood here: picocli reads its annotations by reflection, which
     * takes as long as all the rest of a start.
     */
    private static int execute(String[] arguments) throws InterruptedException {
        boolean service = arguments.length == 3 && arguments[0].equals("run") && arguments[1].equals("-c");
        if (service) {
            return RunCommand.run(Path.of(arguments[2]));
        }
        return new CommandLine(new CgiFpmCommand()).execute(arguments);
    }
}
