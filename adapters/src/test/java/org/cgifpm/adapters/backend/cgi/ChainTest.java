package org.cgifpm.adapters.backend.cgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.Confinement.Identity;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.Outcome;
import org.cgifpm.adapters.backend.process.Confined;
import org.cgifpm.adapters.backend.process.ExecChain;
import org.cgifpm.adapters.backend.process.ExecChain.Inherited;
import org.cgifpm.adapters.testing.Programs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts see of the chain that started them, from inside. As root. */
class ChainTest {
    private static final String HEAD = "printf 'Content-Type: text/plain\\n\\n'\n";
    private static final String NO_CAPABILITY = "0000000000000000";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private CgiStand stand;

    @BeforeEach
    void start() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        stand = new CgiStand(folder);
    }

    @AfterEach
    void stop() {
        stand.close();
    }

    @Test
    void isTheUserItsGroupsAndNothingElse() throws Exception {
        Map<String, String> status = status(Confined.umask(Confined.somebody(), 027));

        assertEquals("54301 54301 54301 54301", status.get("Uid"));
        assertEquals("54302 54302 54302 54302", status.get("Gid"));
        assertEquals("54302 54303", status.get("Groups"));
        assertEquals("0027", status.get("Umask"));
        assertEquals("1", status.get("NoNewPrivs"));
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
            assertEquals(NO_CAPABILITY, status.get(set), set);
        }
    }

    @Test
    void mayGainPrivilegesOnlyWhereThePoolSaysSo() throws Exception {
        Map<String, String> status = status(Confined.noNewPrivileges(Confined.somebody(), false));

        assertEquals("0", status.get("NoNewPrivs"));
        assertEquals(NO_CAPABILITY, status.get("CapPrm"));
        assertTrue(!NO_CAPABILITY.equals(status.get("CapBnd")), "a setuid program could do nothing");
    }

    @Test
    void hasNoGroupsWhereNoneAreGiven() throws Exception {
        assertEquals(
                "",
                status(Confined.as(new Identity("x", Confined.UID, Confined.GID, List.of())))
                        .get("Groups"));
    }

    @Test
    void isBoundBeforeItsFirstInstruction() throws Exception {
        stand.confinement = Confined.somebody(Confined.limits(30, 512L << 20, 99, 4000, 4096, 0, 1 << 20));
        List<String> limits = lines(HEAD + "cat /proc/$$/limits");

        assertLimit(limits, "Max cpu time", "30", "31");
        assertLimit(limits, "Max address space", "536870912", "536870912");
        assertLimit(limits, "Max open files", "99", "99");
        assertLimit(limits, "Max processes", "4000", "4000");
        assertLimit(limits, "Max file size", "4096", "4096");
        assertLimit(limits, "Max core file size", "0", "0");
        assertLimit(limits, "Max stack size", "1048576", "1048576");
    }

    @Test
    void hasTheUsualSoftLimitOfDescriptorsAlsoUnderADaemonThatRaisedItsOwn() throws Exception {
        stand.onLoop(() -> stand.descriptors.opened(1_000));
        stand.confinement = Confined.somebody();

        assertEquals(List.of("1024"), lines(HEAD + "ulimit -S -n"));
    }

    @Test
    void isEndedWhenItsProcessorTimeIsUsedUp() throws Exception {
        stand.confinement = Confined.somebody(Confined.limits(1, -1, -1, -1, -1, -1, -1));

        assertEquals(
                "killed by SIGXCPU",
                PumpsTest.exitWords(stand.run("while :; do :; done").outcome()));
    }

    @Test
    void runsAtThePriorityThatWasAsked() throws Exception {
        for (int nice : new int[] {7, -3}) {
            stand.confinement = Confined.nice(Confined.somebody(), nice);
            // Behind the name, which is in parentheses, nice is the seventeenth field of /proc/PID/stat.
            assertEquals(
                    List.of(Integer.toString(nice)),
                    lines(HEAD + "read stat </proc/$$/stat; set -- ${stat##*) }; shift 16; echo $1"));
        }
    }

    @Test
    void seesItsEnvironmentAndNothingMore() throws Exception {
        stand.confinement = Confined.somebody();
        String[] wanted = {
            "HTTP_COOKIE=caf\u00e9 \u0081\u0088 $HOME `id` \"'\\",
            "TZ=UTC",
            "EMPTY=",
            "with.dot=1",
            "it's=${PATH}",
            "LANG=C",
            "PWD=/nowhere"
        };
        var served = stand.serve(
                stand.get(), stand.shell(HEAD + "tr '\\0\\n' '\\n|' </proc/$$/environ | grep -v CGI_STAND"), wanted);

        List<String> seen = new ArrayList<>(List.of(served.answer().body().split("\n")));
        List<String> expected = new ArrayList<>(List.of(wanted));
        expected.add("PATH=/usr/local/bin:/usr/bin:/bin");
        expected.sort(null);
        seen.sort(null);
        assertEquals(expected, seen);
    }

    @Test
    void keepsValuesOutOfWhatOtherUsersMayRead() {
        LaunchPlan plan = new LaunchPlan(
                3, "./x", List.of("./x"), List.of("DATABASE_PASSWORD=secret"), "/x", Confined.somebody());

        assertTrue(ExecChain.command(plan, Inherited.USUAL, Optional.empty()).arguments().stream()
                .noneMatch(argument -> argument.contains("secret")));
    }

    @Test
    void startsProgramsWithOddNames() throws Exception {
        stand.confinement = Confined.somebody();
        for (String name : List.of("a=b", "-n", "with space", "$(id)", "a'b\"c")) {
            Programs.write(folder.resolve(name), "#!/bin/sh\n" + HEAD + "echo \"$TZ\"\n");
            var served = stand.serve(stand.get(), name, "TZ=UTC");

            assertEquals("UTC\n", served.answer().body(), name);
        }
    }

    @Test
    void neverRunsAPreloadOfThePoolAsRoot() throws Exception {
        Path marks = folder.resolve("marks");
        Files.writeString(marks, "");
        Files.setPosixFilePermissions(marks, PosixFilePermissions.fromString("rw-rw-rw-"));
        Path library = library("#include <fcntl.h>\n#include <stdio.h>\n#include <unistd.h>\n"
                + "__attribute__((constructor)) static void mark(void) {\n"
                + "    int fd = open(\"" + marks + "\", O_WRONLY | O_APPEND);\n"
                + "    dprintf(fd, \"%d\\n\", (int)geteuid());\n    close(fd);\n}\n");
        stand.confinement = Confined.nice(Confined.somebody(Confined.limits(30, -1, 99, -1, -1, 0, -1)), 1);
        var served = stand.serve(stand.get(), stand.shell(HEAD), "LD_PRELOAD=" + library);

        assertEquals(200, served.answer().status());
        assertEquals(200, served.outcome().status());
        List<String> ran = Files.readAllLines(marks);
        assertTrue(!ran.isEmpty(), "the preload never ran");
        assertTrue(ran.stream().allMatch(uid -> uid.equals(Integer.toString(Confined.UID))), ran.toString());
    }

    @Test
    void takesNoVariableForAnOptionOfItsLinks() throws Exception {
        stand.confinement = Confined.somebody();

        // env's own options, as names of variables that a front end could send.
        var served = stand.serve(
                stand.get(),
                stand.shell(HEAD + "pwd -P"),
                "--chdir=/tmp",
                "--split-string=/bin/echo",
                "-S=/bin/echo",
                "OTHER=1");

        assertEquals(200, served.answer().status());
        assertTrue(
                served.answer().body().contains(folder.toRealPath().toString()),
                served.answer().body());
    }

    @Test
    void passesOnNoneOfTheDaemonsAmbientCapabilities() throws Exception {
        for (Confinement confinement :
                List.of(Confinement.NONE, Confined.noNewPrivileges(Confined.somebody(), false))) {
            LaunchPlan plan = new LaunchPlan(
                    3, "/bin/cat", List.of("/bin/cat", "/proc/self/status"), List.of(), "/bin/cat", confinement);
            List<String> command = new ArrayList<>(List.of(
                    "/usr/bin/setpriv",
                    "--reuid",
                    "54310",
                    "--regid",
                    "54310",
                    "--clear-groups",
                    "--inh-caps=+setuid,+setgid,+setpcap",
                    "--ambient-caps=+setuid,+setgid,+setpcap",
                    "--",
                    "/bin/sh"));
            List<String> chain = ExecChain.command(plan, new Inherited(1024, true), Optional.empty())
                    .arguments();
            command.addAll(chain.subList(1, chain.size()));

            Map<String, String> status = parse(output(command));
            for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
                assertEquals(NO_CAPABILITY, status.get(set), set);
            }
        }
    }

    @Test
    void startsInItsFolderInsideANewRootAsTheUser() throws Exception {
        Path jail = folder.resolve("jail");
        Path scripts = Files.createDirectories(jail.resolve("srv/cgi-bin"));
        Files.createDirectories(jail.resolve("bin"));
        copyWithLibraries("/bin/dash", jail, "bin/sh");
        copyWithLibraries("/usr/bin/env", jail, "usr/bin/env");
        Files.writeString(scripts.resolve("in.cgi"), "#!/bin/sh\n" + HEAD + "pwd; echo $0; echo /*; umask\n");
        Files.setPosixFilePermissions(scripts.resolve("in.cgi"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Confinement jailed = Confined.chroot(Confined.umask(Confined.somebody(), 077), jail.toString());
        var served = stand.serve(stand.get(), () -> stand.planIn(scripts, "in.cgi", jailed));

        List<String> lines = List.of(served.answer().body().split("\n"));
        assertEquals("/srv/cgi-bin", lines.get(0));
        assertEquals("./in.cgi", lines.get(1));
        assertTrue(lines.get(2).startsWith("/bin ") && lines.get(2).endsWith(" /srv /usr"), lines.get(2));
        assertEquals("0077", lines.get(3));
    }

    @Test
    void hasGivenUpEverythingInANewRoot() throws Exception {
        Path jail = folder.resolve("jail");
        Files.createDirectories(jail.resolve("srv"));
        copyWithLibraries("/bin/dash", jail, "bin/sh");
        copyWithLibraries("/usr/bin/env", jail, "usr/bin/env");
        Files.writeString(
                jail.resolve("srv/in.cgi"), "#!/bin/sh\n" + HEAD + "echo $$; while [ ! -e release ]; do :; done\n");
        Files.setPosixFilePermissions(jail.resolve("srv/in.cgi"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Confinement jailed = Confined.chroot(Confined.somebody(), jail.toString());
        var served = stand.serve(stand.get(), () -> stand.planIn(jail.resolve("srv"), "in.cgi", jailed));
        Awaitility.await().until(() -> settled(stand.alive(), 1));
        Map<String, String> status = parse(
                Files.readString(Path.of("/proc/" + stand.alive().iterator().next() + "/status")));
        Files.createFile(jail.resolve("srv/release"));

        assertEquals("54301 54301 54301 54301", status.get("Uid"));
        assertEquals("54302 54302 54302 54302", status.get("Gid"));
        assertEquals("", status.get("Groups"));
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapAmb")) {
            assertEquals(NO_CAPABILITY, status.get(set), set);
        }
        assertEquals("1", status.get("NoNewPrivs"));
        assertEquals(200, served.outcome().status());
    }

    @Test
    void staysOutsideOfNoRoot() throws Exception {
        Path jail = Files.createDirectories(folder.resolve("jail"));
        Confinement jailed = Confined.chroot(Confined.somebody(), jail.toString());
        String outside = stand.shell(HEAD);
        var served = stand.serve(stand.get(), () -> stand.planIn(folder, outside, jailed));

        assertEquals(500, served.answer().status());
        assertEquals(
                "chroot: its folder " + folder + " is not below " + jail,
                served.outcome().problem());
    }

    @Test
    void isVerifiedByAProbe() throws Exception {
        Confinement asked = Confined.nice(
                Confined.umask(Confined.somebody(Confined.limits(30, 512L << 20, 99, 4000, 1000, 0, 1 << 20)), 027), 3);

        assertEquals(List.of(), stand.probe().differences(asked));
        assertEquals(List.of(), stand.probe().differences(Confined.noNewPrivileges(asked, false)));
        assertEquals(
                List.of("it was not started: sh: 1: ulimit: error setting limit (Operation not permitted)"),
                stand.probe().differences(Confined.somebody(Confined.limits(-1, -1, 2_000_000_000, -1, -1, -1, -1))));
    }

    @Test
    void answersFiveHundredAndThreeWhenTheUsersProcessesAreUsedUp() throws Exception {
        stand.confinement = Confined.somebody(Confined.limits(-1, -1, -1, 1, -1, -1, -1));
        // One more than it may: the kernel counts before a process becomes the user's, and looks again at its exec.
        var first = stand.run(HEAD + "exec sleep 300");
        Awaitility.await().until(() -> settled(stand.alive(), 1));
        var second = stand.run(HEAD + "exec sleep 300");
        Awaitility.await().until(() -> settled(stand.alive(), 2));
        var third = stand.run(HEAD);

        Outcome refused = third.outcome();
        assertEquals(503, third.answer().status());
        assertEquals("limits.processes: its user has as many processes as it may", refused.problem());
        stand.onLoop(stand.backend::killAll);
        assertEquals("killed by SIGKILL", PumpsTest.exitWords(first.outcome()));
        assertEquals("killed by SIGKILL", PumpsTest.exitWords(second.outcome()));
    }

    @Test
    void saysWhichLinkFailed() throws Exception {
        stand.confinement = Confined.somebody(Confined.limits(-1, -1, 2_000_000_000, -1, -1, -1, -1));
        var served = stand.run(HEAD);

        assertEquals(500, served.answer().status());
        assertEquals(
                "it was not started: sh: 1: ulimit: error setting limit (Operation not permitted)",
                served.outcome().problem());
    }

    private static boolean settled(Set<Integer> pids, int count) throws Exception {
        for (int pid : pids) {
            String status = Files.readString(Path.of("/proc/" + pid + "/status"));
            if (!status.contains("Uid:\t54301") || !status.matches("(?s)Name:\t(sleep|in.cgi)\n.*")) {
                return false;
            }
        }
        return pids.size() == count;
    }

    private Map<String, String> status(Confinement confinement) throws Exception {
        stand.confinement = confinement;
        return parse(String.join("\n", lines(HEAD + "cat /proc/$$/status")));
    }

    private List<String> lines(String script) throws Exception {
        var served = stand.run(script);
        assertEquals(200, served.answer().status(), String.join("\n", stand.stderr));
        return List.of(served.answer().body().split("\n"));
    }

    private static Map<String, String> parse(String status) {
        Map<String, String> values = new TreeMap<>();
        status.lines().filter(line -> line.contains(":")).forEach(line -> {
            int colon = line.indexOf(':');
            values.put(
                    line.substring(0, colon), line.substring(colon + 1).strip().replaceAll("\\s+", " "));
        });
        return values;
    }

    private static void assertLimit(List<String> limits, String name, String soft, String hard) {
        String line =
                limits.stream().filter(l -> l.startsWith(name)).findFirst().orElse("");
        assertEquals(
                List.of(soft, hard),
                Arrays.asList(line.substring(name.length()).strip().split(" +")).subList(0, 2),
                line);
    }

    private Path library(String source) throws Exception {
        Path file = folder.resolve("preload.c");
        Path library = folder.resolve("preload.so");
        Files.writeString(file, source);
        output(List.of("gcc", "-shared", "-fPIC", "-o", library.toString(), file.toString()));
        return library;
    }

    private static void copyWithLibraries(String program, Path jail, String as) throws Exception {
        copy(Path.of(program), jail.resolve(as));
        for (String word : output(List.of("ldd", program)).split("\\s+", -1)) {
            if (word.startsWith("/")) {
                copy(Path.of(word), jail.resolve(word.substring(1)));
            }
        }
    }

    private static void copy(Path from, Path to) throws Exception {
        Files.createDirectories(to.getParent());
        Files.copy(from.toRealPath(), to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static String output(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), text);
        return text;
    }
}
