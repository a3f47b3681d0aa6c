package org.cgifpm.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.cgifpm.daemon.cli.CgiFpmCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What cgi-fpm(1) tells of the commands. */
class CommandSectionsTest {
    @Command(name = "program", subcommands = Turn.class)
    static final class Program {}

    @Command(
            name = "turn",
            mixinStandardHelpOptions = true,
            description = ".5 turns of C:\\\"x\"",
            exitCodeList = {"0:done", "3:no daemon there"})
    static final class Turn {
        @Option(names = "--often", paramLabel = "N", description = "So often, ${DEFAULT-VALUE} if not given.")
        @SuppressWarnings("UnusedVariable")
        private int often = 7;

        @Option(names = "--json", description = "Print JSON.")
        @SuppressWarnings("UnusedVariable")
        private boolean json;
    }

    @Test
    void writesAllThatAnAnnotationSays() {
        String page = CommandSections.of(new CommandLine(new Program()));

        assertEquals("""
                .SS turn
                \\&.5 turns of C:\\e\\(dqx\\(dq
                .TP
                .B "\\-\\-json"
                Print JSON.
                .TP
                .BI "\\-\\-often" " N"
                So often, 7 if not given.
                .P
                Exit status: 0 \\(en done; 3 \\(en no daemon there.
                """, page);
    }

    @Test
    void thePageHasEveryCommandOfTheProgram(@TempDir Path folder) throws IOException {
        Path whole = folder.resolve("page");

        ManualPage.main(new String[] {"../docs/man/cgi-fpm.1", whole.toString()});

        Set<String> commands =
                new CommandLine(new CgiFpmCommand()).getSubcommands().keySet();
        String page = Files.readString(whole);
        assertFalse(page.contains(ManualPage.PLACE));
        assertTrue(page.contains("/etc/cgi\\-fpm/cgi\\-fpm.toml if not given"), page);
        for (String command : commands) {
            assertTrue(page.contains("\n.SS " + CommandSections.text(command) + "\n"), command);
        }
    }
}
