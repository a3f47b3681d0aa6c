package org.cgifpm.daemon;

import org.cgifpm.daemon.cli.CgiFpmCommand;
import picocli.CommandLine;

/** Where the JVM starts. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new CgiFpmCommand()).execute(arguments));
    }
}
