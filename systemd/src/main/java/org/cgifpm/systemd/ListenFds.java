package org.cgifpm.systemd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The listening sockets that a service manager opened before it started this process: sd_listen_fds(3).
 *
 * <p>Parse once at start, and keep the three variables away from children: they were meant for this process only.
 *
 * @param sockets in the order of their descriptors; empty when nothing was handed over
 * @param refused why the variables were there and are not used; empty when there is nothing to complain about
 */
public record ListenFds(List<Inherited> sockets, Optional<String> refused) {
    /** The number of the first descriptor, SD_LISTEN_FDS_START. */
    public static final int FIRST = 3;

    /** What a descriptor without a name is called. */
    public static final String UNKNOWN = "unknown";

    /** More than any unit has; a larger number is taken for a mistake. */
    private static final int MOST = 4096;

    /** One descriptor and the FileDescriptorName= of its socket unit. Several may share one name. */
    public record Inherited(int fd, String name) {}

    public ListenFds {
        sockets = List.copyOf(sockets);
    }

    /**
     * Reads LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES. Never throws.
     *
     * @param ownPid the pid of this process: descriptors announced to another pid are not ours
     */
    public static ListenFds parse(Map<String, String> environment, long ownPid) {
        String count = environment.get("LISTEN_FDS");
        String pid = environment.get("LISTEN_PID");
        if (count == null && pid == null) {
            return new ListenFds(List.of(), Optional.empty());
        }
        long announced = number(pid);
        if (announced < 1) {
            return refused("LISTEN_PID is " + shown(pid) + ", not a process id");
        }
        if (announced != ownPid) {
            return refused("LISTEN_PID is " + announced + ", this process is " + ownPid);
        }
        long sockets = number(count);
        if (sockets < 0 || sockets > MOST) {
            return refused("LISTEN_FDS is " + shown(count) + ", not a number from 0 to " + MOST);
        }
        List<String> names = names(environment.get("LISTEN_FDNAMES"), (int) sockets);
        if (names.size() != sockets) {
            return refused("LISTEN_FDNAMES has " + names.size() + " names for " + sockets + " descriptors");
        }
        List<Inherited> list = new ArrayList<>();
        for (int i = 0; i < sockets; i++) {
            list.add(new Inherited(FIRST + i, names.get(i)));
        }
        return new ListenFds(list, Optional.empty());
    }

    private static ListenFds refused(String reason) {
        return new ListenFds(List.of(), Optional.of(reason));
    }

    private static List<String> names(@Nullable String list, int sockets) {
        List<String> names = new ArrayList<>();
        if (list == null || (list.isEmpty() && sockets == 0)) {
            for (int i = 0; i < sockets; i++) {
                names.add(UNKNOWN);
            }
            return names;
        }
        int start = 0;
        while (true) {
            int colon = list.indexOf(':', start);
            String name = list.substring(start, colon < 0 ? list.length() : colon);
            names.add(name.isEmpty() ? UNKNOWN : name);
            if (colon < 0) {
                return names;
            }
            start = colon + 1;
        }
    }

    /** The number in a text of one to nine digits, -1 for anything else. */
    private static long number(@Nullable String digits) {
        if (digits == null || digits.isEmpty() || digits.length() > 9) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }

    private static String shown(@Nullable String value) {
        return value == null ? "missing" : '"' + value + '"';
    }
}
