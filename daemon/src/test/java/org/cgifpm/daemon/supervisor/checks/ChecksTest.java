package org.cgifpm.daemon.supervisor.checks;

import static org.cgifpm.daemon.supervisor.checks.Subjects.BOB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cgifpm.daemon.config.CheckName;
import org.cgifpm.daemon.config.IdentitySettings;
import org.cgifpm.daemon.config.ScriptRules;
import org.cgifpm.daemon.config.Severity;
import org.cgifpm.daemon.config.Symlinks;
import org.junit.jupiter.api.Test;

class ChecksTest {
    /** A script that every check but those of its kind and of min_uid, min_gid has something against. */
    private static Subject allWrong() {
        return Subjects.right()
                .wanted("/srv/www/a\n")
                .outside()
                .link(BOB, 0)
                .root(0777, BOB)
                .script(06666, BOB, 33)
                .get();
    }

    private static Checks checks(Severity severity) {
        Map<CheckName, Severity> all = new EnumMap<>(CheckName.class);
        for (CheckName name : CheckName.values()) {
            all.put(name, severity);
        }
        return new Checks(
                new ScriptRules(Optional.of(List.of()), Map.of(), all, Symlinks.REFUSE), IdentitySettings.DEFAULT);
    }

    private static List<CheckName> names(List<Finding> findings) {
        return findings.stream().map(Finding::check).toList();
    }

    @Test
    void areMadeInTheOrderOfTheirNames() {
        List<Finding> findings = checks(Severity.ENFORCE).of(Subjects.right().get());
        assertEquals(Arrays.asList(CheckName.values()), names(findings));
    }

    @Test
    void nothingIsWrongWithAScriptThatIsRight() {
        Checks defaults = new Checks(ScriptRules.DEFAULT, IdentitySettings.DEFAULT);
        for (Finding finding : defaults.of(Subjects.right().get())) {
            assertEquals(Verdict.PASSED, finding.verdict(), finding.name());
            assertFalse(finding.refuses() || finding.warns());
            assertEquals("", finding.line());
        }
    }

    @Test
    void enforceRefusesWarnWarnsAndOffLooksAway() {
        List<CheckName> wrong = List.of(
                CheckName.CONTROL_CHARACTERS,
                CheckName.INSIDE_ROOT,
                CheckName.SYMLINKS,
                CheckName.DIRECTORY_OWNER,
                CheckName.DIRECTORY_WRITABLE,
                CheckName.EXTENSION,
                CheckName.SETUID,
                CheckName.WRITABLE,
                CheckName.OWNER,
                CheckName.EXECUTABLE);
        List<Finding> enforced = checks(Severity.ENFORCE).of(allWrong());
        assertEquals(wrong, names(enforced.stream().filter(Finding::refuses).toList()));
        List<Finding> warned = checks(Severity.WARN).of(allWrong());
        assertEquals(wrong, names(warned.stream().filter(Finding::warns).toList()));
        assertEquals(List.of(), warned.stream().filter(Finding::refuses).toList());
        for (Finding finding : checks(Severity.OFF).of(allWrong())) {
            assertEquals(new Verdict.Skipped("switched off"), finding.verdict());
        }
    }

    @Test
    void someThingsAreRefusedAlsoWithTheirCheckOff() {
        Checks off = checks(Severity.OFF);
        assertTrue(off.ofPath("/a\0").refuses());
        assertFalse(off.ofPath("/a\n").refuses());
        Subject ofRoot = Subjects.right().runner(Runner.Kind.OWNER, 0, 0).get();
        assertEquals(
                List.of(CheckName.MIN_UID, CheckName.MIN_GID),
                names(off.of(ofRoot).stream().filter(Finding::refuses).toList()));
        Subject ofNobody = Subjects.right().runner(Runner.Kind.NOBODY, 5, 5).get();
        assertEquals(
                List.of(CheckName.OWNER),
                names(off.of(ofNobody).stream().filter(Finding::refuses).toList()));
    }

    @Test
    void aPoolThatRunsAsTheDaemonItselfIsNotAskedWhoOwnsWhat() {
        Subject subject = Subjects.right()
                .runner(Runner.Kind.SELF, 5, 5)
                .script(0755, BOB, BOB)
                .root(0755, BOB)
                .get();
        List<Finding> findings = checks(Severity.ENFORCE).of(subject);
        assertEquals(
                List.of(CheckName.DIRECTORY_OWNER, CheckName.OWNER, CheckName.MIN_UID, CheckName.MIN_GID),
                names(findings.stream()
                        .filter(finding -> finding.verdict() instanceof Verdict.Skipped)
                        .toList()));
    }

    @Test
    void everyCheckCanSayWhatItSaw() {
        Checks checks = checks(Severity.ENFORCE);
        for (CheckName name : CheckName.values()) {
            assertFalse(checks.saw(name, allWrong()).isEmpty(), name.toString());
        }
        assertEquals(
                "2 links",
                checks.saw(
                        CheckName.SYMLINKS,
                        Subjects.right().link(0, 0).link(0, 0).get()));
    }

    @Test
    void aRefusalIsOneLineWithTheCheckThePathAndBothSides() {
        List<String> lines = checks(Severity.ENFORCE)
                .of(Subjects.right().script(0775, 0, 0).get())
                .stream()
                .map(Finding::line)
                .filter(line -> line.startsWith("writable"))
                .toList();
        assertEquals(
                List.of("writable: /srv/www/a/b.cgi: found mode 0775, owner uid 0 (root),"
                        + " wanted no write permission for group and others; chmod go-w /srv/www/a/b.cgi"),
                lines);
    }
}
