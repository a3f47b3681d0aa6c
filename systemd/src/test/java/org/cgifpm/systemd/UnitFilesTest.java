package org.cgifpm.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What systemd's own tools say of the files in {@code src/main/units}. They need no systemd that runs. */
@SuppressWarnings("NullAway.Init")
class UnitFilesTest {
    private static final Path UNITS = Path.of("src/main/units").toAbsolutePath();
    private static final List<String> NAMES = List.of("cgi-fpm.service", "cgi-fpm@.service", "cgi-fpm.socket");

    @TempDir
    private Path folder;

    private record Said(int exit, String text) {}

    /** With a program that exists on every machine; the tools look for it. */
    @BeforeEach
    void copyUnits() throws IOException {
        for (String name : NAMES) {
            String unit = Files.readString(UNITS.resolve(name));
            Files.writeString(folder.resolve(name), unit.replace("=/usr/bin/cgi-fpm ", "=/bin/true "));
        }
    }

    @Test
    void systemdHasNothingToComplainAbout() throws Exception {
        List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no"));
        NAMES.forEach(name -> command.add(folder.resolve(name).toString()));

        assertEquals(new Said(0, ""), run(command));
    }

    /** All at once: systemd names every key that it does not know and every value that it cannot read. */
    @Test
    void understandsEveryDropInOfTheManual() throws Exception {
        String manual = Files.readString(UNITS.resolve("../../../../docs/systemd.md"));
        Matcher blocks = Pattern.compile("```ini\n(.*?)```", Pattern.DOTALL).matcher(manual);
        Path dropIns = Files.createDirectory(folder.resolve("cgi-fpm.service.d"));
        int found = 0;
        while (blocks.find()) {
            if (blocks.group(1).contains("[Service]")) {
                Files.writeString(dropIns.resolve(found++ + ".conf"), blocks.group(1));
            }
        }

        assertTrue(found > 5, "drop-ins in the manual: " + found);
        assertEquals(
                new Said(0, ""),
                run(List.of(
                        "systemd-analyze",
                        "verify",
                        "--man=no",
                        folder.resolve("cgi-fpm.service").toString())));
    }

    /** {@code systemd-analyze security} rates from 0 to 10; the threshold is in tenths. */
    @ParameterizedTest
    @CsvSource({"cgi-fpm.service, 45", "cgi-fpm@.service, 20"})
    void exposesNoMoreThanItMust(String name, int tenths) throws Exception {
        Said said = run(List.of(
                "systemd-analyze",
                "security",
                "--no-pager",
                "--offline=yes",
                "--threshold=" + tenths,
                folder.resolve(name).toString()));

        assertEquals(0, said.exit(), said::text);
        assertTrue(said.text().contains("Overall exposure level"), said::text);
    }

    @Test
    void waitsLongerForAStopThanTheDaemonDoesByDefault() throws Exception {
        for (String name : List.of("cgi-fpm.service", "cgi-fpm@.service")) {
            List<String> lines = Files.readAllLines(UNITS.resolve(name));
            String seconds = lines.stream()
                    .filter(line -> line.startsWith("TimeoutStopSec="))
                    .findFirst()
                    .orElseThrow()
                    .replaceAll("[^0-9]", "");
            // stop_timeout, kill_grace, and what the daemon waits for after that.
            assertTrue(Integer.parseInt(seconds) > 30 + 5 + 5, name);
        }
    }

    @Test
    void leavesOutWhatTheDaemonCannotWorkUnder() throws Exception {
        for (String name : NAMES) {
            for (String line : Files.readAllLines(UNITS.resolve(name))) {
                assertTrue(!line.matches("(ProtectControlGroups|MemoryDenyWriteExecute)=.*"), name + ": " + line);
            }
        }
    }

    @Test
    void makesAUserForScriptsThatAreNoPersons() throws Exception {
        Said said = run(List.of(
                "systemd-sysusers",
                "--dry-run",
                "--root=" + folder,
                UNITS.resolve("sysusers.d/cgi-fpm.conf").toString()));

        assertEquals(0, said.exit(), said::text);
        assertTrue(said.text().contains("Creating user 'cgi-fpm'"), said::text);
    }

    /** Only read: with a prefix that nothing lies below, nothing is made. */
    @Test
    void hasTemporaryFilesThatSystemdUnderstands() throws Exception {
        Path file = UNITS.resolve("tmpfiles.d/cgi-fpm.conf");

        assertEquals(
                new Said(0, ""),
                run(List.of("systemd-tmpfiles", "--create", "--prefix=" + folder.resolve("none"), file.toString())));
        assertEquals(
                List.of("d /run/cgi-fpm 0755 root root -", "d /var/log/cgi-fpm 0750 root adm -"),
                Files.readAllLines(file).stream()
                        .filter(line -> !line.startsWith("#"))
                        .toList());
    }

    @Test
    void hasNoOtherFiles() throws Exception {
        try (Stream<Path> files = Files.walk(UNITS)) {
            assertEquals(
                    new TreeSet<>(Stream.concat(
                                    NAMES.stream(), Stream.of("sysusers.d/cgi-fpm.conf", "tmpfiles.d/cgi-fpm.conf"))
                            .toList()),
                    new TreeSet<>(files.filter(Files::isRegularFile)
                            .map(file -> UNITS.relativize(file).toString())
                            .toList()));
        }
    }

    private static Said run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("SYSTEMD_LOG_COLOR", "0");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new AssertionError(command.get(0) + " is not installed: apt-get install systemd", e);
        }
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }
}
