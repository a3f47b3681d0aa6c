package org.cgifpm.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cgifpm.e2e.front.ConfFiles;
import org.cgifpm.e2e.lab.ConfSite;
import org.cgifpm.e2e.lab.Lab;
import org.cgifpm.e2e.lab.Launched;
import org.cgifpm.e2e.lab.OwnedFiles;
import org.cgifpm.e2e.lab.Repository;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * {@code check} accepts what is shipped and what the documents tell people to write, and names every mistake in each file
 * of src/test/resources/broken: by file and line, and nothing else.
 */
class ConfCheckIT {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final Path BROKEN = Repository.ROOT.resolve("e2e/src/test/resources/broken");
    private static final Pattern BLOCKS = Pattern.compile("(?ms)^```toml\\n(.*?)^```$");
    private static final Pattern EXPECTED = Pattern.compile("(?m)^#! (\\d+: .*)$");

    private static ConfSite site;

    @BeforeAll
    static void makeSite() throws IOException {
        site = new ConfSite(LAB.newFolder("c"));
        Path logs = Files.createDirectory(site.files().moved("/srv/legacy/logs"));
        OwnedFiles.own(logs, 0755, (int) Files.getAttribute(site.files().moved("/home/frlegacy"), "unix:uid"), 0);
    }

    @AfterAll
    static void removeSite() {
        site.close();
    }

    @TestFactory
    Stream<DynamicTest> acceptsEveryFileThatIsShipped() throws IOException {
        List<Path> shipped = tomlFiles(ConfFiles.FOLDER);
        assertTrue(shipped.size() >= 9, shipped::toString);
        return shipped.stream()
                .map(file -> DynamicTest.dynamicTest(file.toString(), () -> {
                    String name = file.toString().replace('/', '-');
                    // The example of every key is one for a daemon that is not root; root wants to be told whom scripts
                    // run as.
                    assertRight(site.check(
                            name,
                            Files.readString(ConfFiles.FOLDER.resolve(file))
                                    .replace("\n#min_uid = 1000", "\nuser = \"legacy\"")));
                }));
    }

    @TestFactory
    Stream<DynamicTest> acceptsWhatTheDocumentsTellPeopleToWrite() throws IOException {
        return Stream.of("docs/migrating.md", "docs/operations.md").flatMap(ConfCheckIT::blocks);
    }

    private static Stream<DynamicTest> blocks(String document) {
        List<String> blocks = matches(BLOCKS, read(Repository.ROOT.resolve(document)));
        assertFalse(blocks.isEmpty(), document);
        List<DynamicTest> tests = new ArrayList<>();
        for (String block : blocks) {
            String name = "block-" + (tests.size() + 1) + ".toml";
            tests.add(DynamicTest.dynamicTest(document + " " + name, () -> assertRight(site.check(name, block))));
        }
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> namesEveryMistakeByFileAndLine() throws IOException {
        return tomlFiles(BROKEN).stream()
                .map(file -> DynamicTest.dynamicTest(file.toString(), () -> assertNamed(file.toString())));
    }

    @Test
    void thereAreThirtyBrokenFiles() throws IOException {
        assertTrue(tomlFiles(BROKEN).size() >= 30);
    }

    private static void assertNamed(String name) {
        String text = read(BROKEN.resolve(name));
        String file = site.files().moved("/etc/cgi-fpm").resolve(name).toString();
        List<String> expected = matches(EXPECTED, text).stream()
                .map(line -> file + ":" + site.files().move(line))
                .toList();
        assertFalse(expected.isEmpty(), name + " does not say what is wrong with it");

        Launched check = site.check(name, text);

        assertEquals(2, check.status(), check::toString);
        List<String> said = check.output().lines().toList();
        assertEquals(expected.size(), said.size(), check::toString);
        for (int i = 0; i < said.size(); i++) {
            String line = said.get(i);
            assertTrue(line.startsWith(expected.get(i)), () -> line + "\nis not what the file expects:\n" + expected);
        }
    }

    private static void assertRight(Launched check) {
        assertEquals(0, check.status(), check::toString);
        assertFalse(check.output().contains("warning:"), check::toString);
    }

    private static List<Path> tomlFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".toml"))
                    .map(folder::relativize)
                    .sorted()
                    .toList();
        }
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
