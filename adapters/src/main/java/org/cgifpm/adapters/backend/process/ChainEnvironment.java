package org.cgifpm.adapters.backend.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A program's environment in two parts: what the links of a chain may see, and what is kept from them.
 *
 * <p>The links run as the daemon. A variable that the loader, the C library or a shell obeys would rule them too: an
 * LD_PRELOAD meant for the script would run as root. So they see only names that are known to mean nothing to them, and
 * that a shell passes on. All others travel under names of ours and get their own behind the change of identity, from
 * env(1), which takes the values from its environment: argv is readable for every user of the machine.
 */
public final class ChainEnvironment {
    private static final String ENV = "/usr/bin/env";
    private static final String NICE = "/usr/bin/nice";
    /** Number, then "=" and the value of a variable that has another name. */
    private static final String CARRIER = "CGIFPM_VALUE_";

    /** Names that CGI (RFC 3875) and front ends give; none of them means anything to a loader, a library or a shell. */
    private static final Set<String> HARMLESS = Set.of(
            "AUTH_TYPE",
            "GATEWAY_INTERFACE",
            "HOME",
            "HTTPS",
            "LOGNAME",
            "PATH",
            "PATH_INFO",
            "PATH_TRANSLATED",
            "QUERY_STRING",
            "UNIQUE_ID",
            "USER");

    private static final List<String> HARMLESS_PREFIXES = List.of(
            "HTTP_", "CONTENT_", "CONTEXT_", "DOCUMENT_", "REDIRECT_", "REMOTE_", "REQUEST_", "SCRIPT_", "SERVER_");

    private final List<String> forLinks;
    private final List<String> namesBehind;

    private ChainEnvironment(List<String> forLinks, List<String> namesBehind) {
        this.forLinks = forLinks;
        this.namesBehind = namesBehind;
    }

    /** @param entries {@code NAME=value} */
    static ChainEnvironment split(List<String> entries) {
        List<String> forLinks = new ArrayList<>(entries.size());
        List<String> behind = new ArrayList<>();
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            String name = equals < 0 ? entry : entry.substring(0, equals);
            if (harmless(name)) {
                forLinks.add(entry);
            } else if (equals > 0) {
                forLinks.add(CARRIER + behind.size() + entry.substring(equals));
                behind.add(name);
            }
        }
        return new ChainEnvironment(forLinks, behind);
    }

    private static boolean harmless(String name) {
        if (!HARMLESS.contains(name) && HARMLESS_PREFIXES.stream().noneMatch(name::startsWith)) {
            return false;
        }
        // A shell drops what it could not have named itself.
        return name.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
    }

    /** What posix_spawn gives to the first link. */
    List<String> forLinks() {
        return forLinks;
    }

    /** Adds the link that gives the kept variables their names; nothing where none is kept. */
    void link(List<String> argv, String program) {
        if (namesBehind.isEmpty()) {
            return;
        }
        argv.add(ENV);
        StringBuilder assignments = new StringBuilder();
        for (int i = 0; i < namesBehind.size(); i++) {
            argv.add("--unset=" + CARRIER + i);
            assignments
                    .append(quoted(namesBehind.get(i)))
                    .append("=${" + CARRIER)
                    .append(i)
                    .append("} ");
        }
        // "--": a name that begins with a dash would be an option of env's own.
        argv.add("--split-string=-- " + assignments.toString().strip());
        if (program.indexOf('=') >= 0) {
            // env would take it for one more variable.
            argv.addAll(List.of(NICE, "-n", "0"));
        }
    }

    /** As {@code env --split-string} reads it: within single quotes only backslash and quote are special. */
    private static String quoted(String name) {
        return "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
