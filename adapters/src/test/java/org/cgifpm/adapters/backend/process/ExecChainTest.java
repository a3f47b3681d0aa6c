package org.cgifpm.adapters.backend.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.Confinement.Identity;
import org.cgifpm.adapters.Confinement.Limits;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.backend.process.ExecChain.Command;
import org.cgifpm.adapters.backend.process.ExecChain.Inherited;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecChainTest {
    private static final String USUAL_TEXT = "umask 022 && ulimit -S -n 1024 && unset PWD OLDPWD SHLVL && exec \"$@\"";
    private static final List<String> SOMEBODY = List.of(
            "/usr/bin/setpriv",
            "--reuid",
            "+54301",
            "--regid",
            "+54302",
            "--groups",
            "+54302,+54303",
            "--inh-caps=-all",
            "--ambient-caps=-all",
            "--bounding-set=-all",
            "--no-new-privs",
            "--");

    @Test
    void isTheProgramItselfWhereNothingIsChanged() {
        LaunchPlan plan = plan(Confinement.NONE, "./x.cgi", "LD_PRELOAD=/x.so");

        assertFalse(ExecChain.needed(plan, Inherited.USUAL));
        assertEquals(
                new Command("./x.cgi", List.of("./x.cgi", "one"), List.of("LD_PRELOAD=/x.so")),
                ExecChain.command(plan, Inherited.USUAL, Optional.empty()));
    }

    @Test
    void changesIdentityBehindTheShellAndNothingElseThatWasNotAsked() {
        Command command = command(Confined.somebody());

        assertEquals("/bin/sh", command.program());
        assertEquals(List.of("sh", "-c", USUAL_TEXT, "sh"), command.arguments().subList(0, 4));
        assertEquals(joined(SOMEBODY, List.of("./x.cgi", "one")), behindShell(command));
        assertEquals(List.of("PATH=/bin"), command.environment());
    }

    @Test
    void joinsTheControlGroupBeforeAnyLimitCounts() {
        Command command = ExecChain.command(
                plan(Confinement.NONE, "./x.cgi"), Inherited.USUAL, Optional.of("/sys/fs/cgroup/r/cgroup.procs"));

        assertEquals(
                List.of(
                        "sh",
                        "-c",
                        "echo 0 >\"$1\" && shift && " + USUAL_TEXT,
                        "sh",
                        "/sys/fs/cgroup/r/cgroup.procs",
                        "./x.cgi",
                        "one"),
                command.arguments());
    }

    @Test
    void saysLimitsInTheShellsUnitsRoundedUp() {
        Limits limits = Confined.limits(30, 512L << 20, 256, 40, 1000, 0, 8193);

        assertEquals(
                "umask 022 && ulimit -S -t 30 && ulimit -H -t 31 && ulimit -v 524288 && ulimit -n 256 && ulimit -p 40"
                        + " && ulimit -f 2 && ulimit -c 0 && ulimit -s 9 && unset PWD OLDPWD SHLVL && exec \"$@\"",
                command(Confined.somebody(limits)).arguments().get(2));
    }

    @Test
    void clearsTheGroupsOfAUserWhoHasNone() {
        List<String> argv = behindShell(command(Confined.as(new Identity("x", 7, 8, List.of()))));

        assertEquals(List.of("--reuid", "+7", "--regid", "+8", "--clear-groups"), argv.subList(1, 6));
    }

    @Test
    void writesLargeNumbersAsTheKernelHasThem() {
        List<String> argv = behindShell(command(Confined.as(new Identity("x", -2, -3, List.of(-4)))));

        assertEquals(
                List.of("--reuid", "+4294967294", "--regid", "+4294967293", "--groups", "+4294967292"),
                argv.subList(1, 7));
    }

    @Test
    void keepsTheBoundingSetForProgramsThatMayGainPrivilegesAndForRoot() {
        List<String> gaining = behindShell(command(Confined.noNewPrivileges(Confined.somebody(), false)));
        List<String> root = behindShell(command(Confined.as(new Identity("root", 0, 0, List.of()))));

        assertFalse(gaining.contains("--bounding-set=-all"));
        assertFalse(gaining.contains("--no-new-privs"));
        assertTrue(gaining.contains("--inh-caps=-all") && gaining.contains("--ambient-caps=-all"));
        assertFalse(root.contains("--bounding-set=-all"));
        assertTrue(root.contains("--no-new-privs"));
    }

    @Test
    void changesPriorityWhileItStillMay() {
        List<String> argv = behindShell(command(Confined.nice(Confined.somebody(), -5)));

        assertEquals(List.of("/usr/bin/nice", "-n", "-5", "/usr/bin/setpriv"), argv.subList(0, 4));
    }

    @Test
    void hasNoLinkForPrivilegesWhereOnlyLimitsAreSet() {
        Confinement limited = new Confinement(
                Optional.empty(),
                Confined.limits(-1, -1, -1, -1, -1, 0, -1),
                027,
                0,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Command command = command(limited);

        assertEquals(List.of("./x.cgi", "one"), behindShell(command));
        assertTrue(command.arguments().get(2).startsWith("umask 027 && "));
    }

    @Test
    void passesLabelsToSetpriv() {
        List<String> argv = behindShell(command(Confined.labels(Confined.somebody(), "web", "a:b:c")));

        assertEquals(
                List.of("--apparmor-profile", "web", "--selinux-label", "a:b:c", "--", "./x.cgi", "one"),
                argv.subList(argv.size() - 7, argv.size()));
    }

    @Test
    void givesUpTheIdentityBehindTheNewRoot() {
        List<String> argv = behindShell(command(Confined.chroot(Confined.somebody(), "/srv/jail")));

        assertEquals(
                List.of(
                        "/usr/bin/setpriv",
                        "--inh-caps=-all",
                        "--ambient-caps=-all",
                        "--bounding-set=-all,+sys_chroot,+setuid,+setgid",
                        "--no-new-privs",
                        "--",
                        "/usr/bin/unshare",
                        "--root=/srv/jail",
                        "--wd=.",
                        "--setgid",
                        "54302",
                        "--setuid",
                        "54301",
                        "--",
                        "./x.cgi",
                        "one"),
                argv);
    }

    @Test
    void dropsWhatADaemonWithAmbientCapabilitiesWouldPassOn() {
        Command command =
                ExecChain.command(plan(Confinement.NONE, "./x.cgi"), new Inherited(1024, true), Optional.empty());

        assertEquals(
                List.of("/usr/bin/setpriv", "--inh-caps=-all", "--ambient-caps=-all", "--", "./x.cgi", "one"),
                behindShell(command));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LD_PRELOAD",
                "LD_LIBRARY_PATH",
                "LD_AUDIT",
                "GLIBC_TUNABLES",
                "GCONV_PATH",
                "LOCPATH",
                "NLSPATH",
                "MALLOC_CHECK_",
                "LANG",
                "LC_ALL",
                "LANGUAGE",
                "TZ",
                "TZDIR",
                "ENV",
                "BASH_ENV",
                "BASH_FUNC_echo%%",
                "IFS",
                "PS4",
                "SHELLOPTS",
                "BASHOPTS",
                "CDPATH",
                "PWD",
                "TMPDIR",
                "RES_OPTIONS",
                "HOSTALIASES",
                "LOCALDOMAIN",
                "RESOLV_HOST_CONF",
                "GETCONF_DIR",
                "PYTHONPATH",
                "POSIXLY_CORRECT",
                "CGIFPM_VALUE_0",
                "HTTP_x",
                "HTTP_A.B",
                "DATABASE_PASSWORD"
            })
    void keepsFromTheLinksWhatTheyMightObey(String name) {
        Command command = ExecChain.command(
                plan(Confined.somebody(), "./x.cgi", "HTTP_HOST=h", name + "=secret\n'"),
                Inherited.USUAL,
                Optional.empty());

        assertEquals(List.of("HTTP_HOST=h", "CGIFPM_VALUE_0=secret\n'"), command.environment());
        assertEquals(
                joined(
                        SOMEBODY,
                        List.of(
                                "/usr/bin/env",
                                "--unset=CGIFPM_VALUE_0",
                                "--split-string=-- '" + name + "'=${CGIFPM_VALUE_0}",
                                "./x.cgi",
                                "one")),
                behindShell(command));
    }

    @Test
    void keepsEnvFromTakingTheProgramForAVariable() {
        List<String> argv = behindShell(
                ExecChain.command(plan(Confined.somebody(), "./a=b", "TZ=UTC"), Inherited.USUAL, Optional.empty()));

        assertEquals(List.of("/usr/bin/nice", "-n", "0", "./a=b", "one"), argv.subList(argv.size() - 5, argv.size()));
    }

    private static Command command(Confinement confinement) {
        return ExecChain.command(plan(confinement, "./x.cgi", "PATH=/bin"), Inherited.USUAL, Optional.empty());
    }

    private static LaunchPlan plan(Confinement confinement, String program, String... environment) {
        return new LaunchPlan(3, program, List.of(program, "one"), List.of(environment), "/srv/x.cgi", confinement);
    }

    private static List<String> behindShell(Command command) {
        return command.arguments().subList(4, command.arguments().size());
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return java.util.stream.Stream.concat(first.stream(), second.stream()).toList();
    }
}
