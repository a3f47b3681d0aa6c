package org.cgifpm.adapters.backend.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.LaunchPlan;
import org.cgifpm.adapters.os.DescriptorLimit;

/**
 * Turns a plan into what is handed to posix_spawn(3): the program itself, or small programs of the system that change
 * one thing each and execute the next. No thread of the daemon ever changes its own identity: while it had the user's,
 * that user could end the whole daemon.
 *
 * <pre>{@code
 * sh        joins the control group, umask, limits             (still as the daemon)
 * nice      where asked
 * setpriv   identity, capabilities, no_new_privs, labels       (from here on as the user)
 * unshare   new root and identity, only with chroot
 * env       variables that the links must not see (with chroot, the env of the new root)
 * ./NAME
 * }</pre>
 *
 * <p>Limits are set by the shell and not by prlimit(1): the shell is there anyhow for the umask, which no other program
 * of the base system sets, and an exec costs 0.4 ms. Its units are 1024 bytes for memory and stack, and 512 bytes for
 * files and cores; sizes in between are rounded up. A link that fails ends the chain, so a program never starts with
 * less than it was to be bound by.
 *
 * <p>The links execute what they are given as a shell would: what the kernel refuses as no program is run by sh. So
 * whoever starts a chain looks at the program's head first. Pure: no look-ups, any thread.
 */
public final class ExecChain {
    private static final String SH = "/bin/sh";
    private static final String NICE = "/usr/bin/nice";
    private static final String SETPRIV = "/usr/bin/setpriv";
    private static final String UNSHARE = "/usr/bin/unshare";

    private ExecChain() {}

    /**
     * What programs would inherit from the daemon.
     *
     * @param softFiles the soft limit of descriptors for programs that have none of their own
     * @param capabilities whether the daemon has ambient capabilities, which no program may get
     */
    public record Inherited(long softFiles, boolean capabilities) {
        /** A daemon that was started without capabilities to pass on. */
        public static final Inherited USUAL = new Inherited(DescriptorLimit.CHILD_SOFT_LIMIT, false);
    }

    /**
     * What posix_spawn(3) starts.
     *
     * @param program the path of the first link, or the program itself
     * @param arguments its argv, its own name first
     * @param environment complete
     */
    public record Command(String program, List<String> arguments, List<String> environment) {
        public Command {
            arguments = List.copyOf(arguments);
            environment = List.copyOf(environment);
        }
    }

    /** Whether the plan needs any link, with a control group or without one. */
    public static boolean needed(LaunchPlan plan, Inherited inherited) {
        return inherited.capabilities() || !plan.confinement().equals(Confinement.NONE);
    }

    /**
     * The command for a plan; the plan's own program and argv where nothing is to be changed.
     *
     * @param joins path of the control group's {@code cgroup.procs} that the first link joins; empty: none
     */
    public static Command command(LaunchPlan plan, Inherited inherited, Optional<String> joins) {
        if (!needed(plan, inherited) && joins.isEmpty()) {
            return new Command(plan.program(), plan.arguments(), plan.environment());
        }
        Confinement confinement = plan.confinement();
        ChainEnvironment environment = ChainEnvironment.split(plan.environment());
        List<String> argv = new ArrayList<>();
        argv.addAll(List.of("sh", "-c", shellText(confinement, inherited, joins.isPresent()), "sh"));
        joins.ifPresent(argv::add);
        if (confinement.nice() != 0) {
            argv.addAll(List.of(NICE, "-n", Integer.toString(confinement.nice())));
        }
        if (needed(plan, inherited)) {
            privileges(argv, confinement, inherited);
        }
        environment.link(argv, plan.program());
        argv.add(plan.program());
        argv.addAll(plan.arguments().subList(1, plan.arguments().size()));
        return new Command(SH, argv, environment.forLinks());
    }

    private static String shellText(Confinement confinement, Inherited inherited, boolean joins) {
        List<String> steps = new ArrayList<>();
        if (joins) {
            // Before any limit: a file size limit would count here too.
            steps.add("echo 0 >\"$1\"");
            steps.add("shift");
        }
        steps.add("umask " + String.format("%03o", confinement.umask()));
        ShellLimits.of(confinement.limits(), inherited.softFiles()).forEach(steps::add);
        // What shells add to the environment by themselves.
        steps.add("unset PWD OLDPWD SHLVL");
        steps.add("exec \"$@\"");
        return String.join(" && ", steps);
    }

    private static void privileges(List<String> argv, Confinement confinement, Inherited inherited) {
        List<String> options = new ArrayList<>();
        Optional<Confinement.Identity> identity = confinement.identity();
        boolean chroot = confinement.chroot().isPresent();
        if (!chroot) {
            identity.ifPresent(who -> options.addAll(ids(who)));
        }
        if (identity.isPresent() || inherited.capabilities()) {
            options.add("--inh-caps=-all");
            options.add("--ambient-caps=-all");
        }
        if (confinement.noNewPrivileges()) {
            identity.filter(who -> who.uid() != 0).ifPresent(who -> options.add(bounds(chroot)));
            options.add("--no-new-privs");
        }
        confinement.apparmorProfile().ifPresent(name -> options.addAll(List.of("--apparmor-profile", name)));
        confinement.selinuxLabel().ifPresent(label -> options.addAll(List.of("--selinux-label", label)));
        if (!options.isEmpty()) {
            argv.add(SETPRIV);
            argv.addAll(options);
            argv.add("--");
        }
        confinement.chroot().ifPresent(root -> newRoot(argv, root, identity));
    }

    private static List<String> ids(Confinement.Identity who) {
        // setpriv asks for a user of that name first, and there are systems whose users are called by numbers.
        List<String> options = new ArrayList<>(List.of("--reuid", "+" + id(who.uid()), "--regid", "+" + id(who.gid())));
        if (who.groups().isEmpty()) {
            options.add("--clear-groups");
        } else {
            options.add("--groups");
            options.add(who.groups().stream().map(group -> "+" + id(group)).collect(Collectors.joining(",")));
        }
        return options;
    }

    /** Nothing can be gained any more; but root still has to change its root and its identity. */
    private static String bounds(boolean chroot) {
        return chroot ? "--bounding-set=-all,+sys_chroot,+setuid,+setgid" : "--bounding-set=-all";
    }

    /**
     * chroot(2) leaves the working directory as it is, the folder that was checked, and {@code --wd=.} keeps it so. The
     * identity is given up after that; supplementary groups are cleared with it.
     */
    private static void newRoot(List<String> argv, String root, Optional<Confinement.Identity> identity) {
        argv.addAll(List.of(UNSHARE, "--root=" + root, "--wd=."));
        identity.ifPresent(who -> argv.addAll(List.of("--setgid", id(who.gid()), "--setuid", id(who.uid()))));
        argv.add("--");
    }

    private static String id(int number) {
        return Integer.toUnsignedString(number);
    }
}
