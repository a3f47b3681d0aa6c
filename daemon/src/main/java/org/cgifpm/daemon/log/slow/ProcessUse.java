package org.cgifpm.daemon.log.slow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cgifpm.adapters.RunningRequest;

/**
 * What the process of a request has used, from /proc.
 *
 * @param cpuMicros with the children it has waited for; -1 where it cannot be seen
 * @param memory resident bytes; -1 where it cannot be seen
 */
public record ProcessUse(long cpuMicros, long memory) {
    static final ProcessUse UNSEEN = new ProcessUse(-1, -1);

    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s+(\\d{1,15}) kB$", Pattern.MULTILINE);

    private static final long MICROS_PER_TICK = 10_000;

    /**
     * Reads it; nothing is told of a process that is not the request's user's: of a forked request the number is its
     * keeper's word. Not on the loop thread.
     */
    public static ProcessUse of(RunningRequest request) {
        if (request.pid() <= 0 || !ProcessReport.runsAs(request)) {
            return UNSEEN;
        }
        Path process = Path.of("/proc", Integer.toString(request.pid()));
        return ProcessStat.read(process)
                .map(stat -> new ProcessUse(
                        (stat.userTicks() + stat.systemTicks() + stat.childrenTicks()) * MICROS_PER_TICK,
                        resident(process)))
                .orElse(UNSEEN);
    }

    private static long resident(Path process) {
        try {
            Matcher found = RESIDENT.matcher(Files.readString(process.resolve("status"), StandardCharsets.ISO_8859_1));
            return found.find() ? Long.parseLong(found.group(1)) * 1024 : -1;
        } catch (IOException e) {
            return -1; // it is gone
        }
    }
}
