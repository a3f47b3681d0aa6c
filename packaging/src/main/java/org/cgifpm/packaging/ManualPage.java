package org.cgifpm.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cgifpm.daemon.cli.CgiFpmCommand;
import picocli.CommandLine;

/**
 * Puts the commands and options of the program into cgi-fpm(1), in place of the line that says {@value #PLACE}: the page
 * has what {@code --help} has, and cannot fall behind.
 */
public final class ManualPage {
    static final String PLACE = ".\\\" The commands.";

    private ManualPage() {}

    /**
     * @param arguments the page without commands, and where the whole page is written
     * @throws IOException also when there is no place for them
     */
    public static void main(String[] arguments) throws IOException {
        String page = Files.readString(Path.of(arguments[0]));
        if (!page.contains(PLACE + "\n")) {
            throw new IOException(arguments[0] + " has no line " + PLACE);
        }
        String commands = CommandSections.of(new CommandLine(new CgiFpmCommand()));
        Path whole = Path.of(arguments[1]);
        Files.createDirectories(whole.toAbsolutePath().getParent());
        Files.writeString(whole, page.replace(PLACE + "\n", commands));
    }
}
