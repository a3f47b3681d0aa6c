package org.cgifpm.adapters.backend.process;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.Confinement.Identity;
import org.cgifpm.adapters.Confinement.Limits;

/**
 * What a process says of itself in /proc/self/status, limits and stat (proc(5)), one behind the other, compared with what
 * was asked. Pure.
 */
public final class ProbeReport {
    /** Behind a limit's name, which holds spaces. */
    private static final int LIMITS_AT = 26;
    /** nice is field 19 of stat; the first two end with the last parenthesis. */
    private static final int NICE_AT = 16;

    private static final String NO_CAPABILITY = "0000000000000000";

    private final List<String> lines;
    private final List<String> differences = new ArrayList<>();

    private ProbeReport(String text) {
        this.lines = text.lines().toList();
    }

    /**
     * @param ownNice the daemon's own
     * @return each thing that is not as asked: what was wanted and what was found
     */
    static List<String> differences(String text, Confinement wanted, ExecChain.Inherited inherited, int ownNice) {
        ProbeReport report = new ProbeReport(text);
        wanted.identity().ifPresent(report::identity);
        report.privileges(wanted);
        report.compare("Umask", String.format("%04o", wanted.umask()), report.status("Umask"));
        report.compare("nice", Integer.toString(Math.max(-20, Math.min(19, ownNice + wanted.nice()))), report.nice());
        report.limits(wanted.limits(), inherited);
        return report.differences;
    }

    private void identity(Identity who) {
        String uid = Integer.toUnsignedString(who.uid());
        String gid = Integer.toUnsignedString(who.gid());
        // Real, effective, saved, and that of the file system.
        compare("Uid", String.join(" ", uid, uid, uid, uid), status("Uid"));
        compare("Gid", String.join(" ", gid, gid, gid, gid), status("Gid"));
        compare(
                "Groups",
                who.groups().stream()
                        .map(Integer::toUnsignedLong)
                        .sorted()
                        .distinct()
                        .map(String::valueOf)
                        .collect(Collectors.joining(" ")),
                status("Groups"));
    }

    private void privileges(Confinement wanted) {
        boolean anotherThanRoot =
                wanted.identity().filter(who -> who.uid() != 0).isPresent();
        compare("NoNewPrivs", wanted.noNewPrivileges() ? "1" : "0", status("NoNewPrivs"));
        List<String> empty = new ArrayList<>();
        if (wanted.identity().isPresent()) {
            empty.addAll(List.of("CapInh", "CapAmb"));
        }
        if (anotherThanRoot) {
            empty.addAll(List.of("CapPrm", "CapEff"));
        }
        if (anotherThanRoot && wanted.noNewPrivileges()) {
            empty.add("CapBnd");
        }
        empty.forEach(set -> compare(set, NO_CAPABILITY, status(set)));
    }

    private void limits(Limits limits, ExecChain.Inherited inherited) {
        limits.cpuSeconds()
                .ifPresent(seconds -> compare("Max cpu time", seconds + " " + (seconds + 1), limit("Max cpu time")));
        both("Max address space", limits.memory(), ShellLimits.KILOBYTE);
        if (limits.files().isPresent()) {
            both("Max open files", limits.files(), 1);
        } else {
            String soft = limit("Max open files").split(" ", 2)[0];
            compare("Max open files", Long.toString(inherited.softFiles()), soft);
        }
        both("Max processes", limits.processes(), 1);
        both("Max file size", limits.fileSize(), ShellLimits.BLOCK);
        both("Max core file size", limits.core(), ShellLimits.BLOCK);
        both("Max stack size", limits.stack(), ShellLimits.KILOBYTE);
    }

    private void both(String name, OptionalLong wanted, int unit) {
        wanted.ifPresent(value -> {
            long rounded = ShellLimits.units(value, unit) * unit;
            compare(name, rounded + " " + rounded, limit(name));
        });
    }

    private void compare(String name, String wanted, String found) {
        if (!wanted.equals(found)) {
            differences.add(name + ": wanted " + wanted + ", found " + (found.isEmpty() ? "nothing" : found));
        }
    }

    private String status(String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip().replaceAll("[ \t]+", " "))
                .findFirst()
                .orElse("");
    }

    /** Soft and hard. */
    private String limit(String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name) && line.length() > LIMITS_AT)
                .map(line -> line.substring(LIMITS_AT).strip().split(" +", 3))
                .map(fields -> fields[0] + " " + (fields.length > 1 ? fields[1] : ""))
                .findFirst()
                .orElse("");
    }

    private String nice() {
        String stat = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        return fields.length > NICE_AT ? fields[NICE_AT] : "";
    }
}
