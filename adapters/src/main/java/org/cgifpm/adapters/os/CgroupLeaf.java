package org.cgifpm.adapters.os;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The control group of one request: whatever it starts stays in it, wherever it goes, and can be ended in one stroke.
 * Taken by a launch thread, then used on the loop thread; whoever has taken it gives it back once it is empty.
 */
public final class CgroupLeaf {
    /** {@code populated 0} or {@code populated 1} is the first line of cgroup.events. */
    private static final int POPULATED_AT = "populated ".length();

    /** How many are signalled one by one, so that a flood of processes holds nobody up: KILL takes them all. */
    private static final int MAX_SIGNALLED = 64;
    /** Descendants that are put into it at most: those that a request has started before it joins. */
    private static final int MAX_FAMILY = 256;

    private final Syscalls syscalls;
    private final Cgroup group;
    private final boolean countsMemory;
    private final Consumer<CgroupLeaf> back;
    private final int events;
    private int processes = -1;

    /** Makes the group. */
    CgroupLeaf(Syscalls syscalls, Cgroup group, boolean countsMemory, Consumer<CgroupLeaf> back)
            throws SyscallException {
        this.syscalls = syscalls;
        this.group = group;
        this.countsMemory = countsMemory;
        this.back = back;
        int made = group.make();
        if (made < 0) {
            throw new SyscallException("mkdir", group.path(), -made);
        }
        this.events = syscalls.openAt(Syscalls.AT_FDCWD, group.file("cgroup.events"), Syscalls.O_RDONLY);
        if (events < 0) {
            group.remove();
            throw new SyscallException("open", group.file("cgroup.events"), -events);
        }
    }

    /** The path of the file that a process writes 0 to if it wants to join. */
    public String joins() {
        return group.file(Cgroup.PROCESSES);
    }

    /**
     * Puts a process that has just been started into it; what that one has started before stays outside.
     *
     * @return 0, or a negative error number: ESRCH if it is gone
     */
    public int join(int pid) {
        if (processes < 0) {
            processes = syscalls.openAt(Syscalls.AT_FDCWD, joins(), Syscalls.O_WRONLY);
        }
        return processes < 0 ? processes : Cgroup.writeTo(syscalls, processes, Integer.toString(pid));
    }

    /** Puts a process into it with all that descend from it now, as long as they are still its. */
    public void joinFamily(int pid) {
        Set<Integer> joined = new HashSet<>();
        ArrayDeque<Integer> todo = new ArrayDeque<>(List.of(pid));
        while (!todo.isEmpty() && joined.size() < MAX_FAMILY) {
            int next = todo.remove();
            if (joined.add(next)) {
                join(next);
                // After it has joined: what it starts from now on is in the group by itself.
                todo.addAll(children(next));
            }
        }
    }

    /** From /proc/PID/task/PID/children (proc(5)); what other threads than the first have started is not told there. */
    private List<Integer> children(int pid) {
        String text = Cgroup.readFile(syscalls, "/proc/" + pid + "/task/" + pid + "/children");
        // What does not fit is cut somewhere: half a number is somebody else's. The kernel puts a space behind each.
        String whole = text.substring(0, text.lastIndexOf(' ') + 1);
        return whole.isBlank()
                ? List.of()
                : Stream.of(whole.strip().split(" ")).map(Integer::valueOf).toList();
    }

    /** The pids of those that are in it now. Any thread. */
    public List<Integer> processes() {
        return group.processes();
    }

    /** Whether anybody lives in it. */
    public boolean populated() {
        ByteBuffer buffer = syscalls.scratch().buffer();
        int count = syscalls.readAt(events, buffer.duplicate().limit(64), 0);
        return count > POPULATED_AT && buffer.get(POPULATED_AT) == '1';
    }

    /** A descriptor that is {@link EventLoop#PRI} when {@link #populated} may have changed since it was asked. */
    public int events() {
        return events;
    }

    /** KILL for everybody in it. */
    public void kill() {
        group.kill();
    }

    /** A signal for those in it that are not of that process group; for the first {@value #MAX_SIGNALLED} of them. */
    public void signalOthers(int signal, int processGroup) {
        List<Integer> pids = new ArrayList<>();
        List<Integer> held = new ArrayList<>();
        for (int pid : group.processes()) {
            if (held.size() < MAX_SIGNALLED && syscalls.libc().getpgid(pid) != processGroup) {
                int pidfd = syscalls.libc().pidfd_open(pid, 0);
                if (pidfd >= 0) {
                    pids.add(pid);
                    held.add(pidfd);
                }
            }
        }
        // A number may have changed hands before it was held: only who is still seen here is meant.
        Set<Integer> still = held.isEmpty() ? Set.of() : new HashSet<>(group.processes());
        for (int i = 0; i < held.size(); i++) {
            if (still.contains(pids.get(i))) {
                send(held.get(i), signal);
            }
            syscalls.close(held.get(i));
        }
    }

    private void send(int pidfd, int signal) {
        try {
            syscalls.libc().pidfd_send_signal(pidfd, signal, 0, 0);
        } catch (UnsatisfiedLinkError e) {
            return; // glibc before 2.36: KILL will find it
        }
    }

    /** The most memory that its processes had together, bytes; -1 where nobody counts. */
    public long peakMemory() {
        if (!countsMemory) {
            return -1;
        }
        String peak = group.read("memory.peak").strip();
        return peak.isEmpty() ? -1 : Long.parseLong(peak);
    }

    /** Nobody lives in it, and whoever had it needs it no more. Any thread. */
    public void giveBack() {
        back.accept(this);
    }

    /** Closes what is open of it and takes it out of the tree. */
    void remove() {
        syscalls.close(events);
        if (processes >= 0) {
            syscalls.close(processes);
        }
        group.remove();
    }
}
