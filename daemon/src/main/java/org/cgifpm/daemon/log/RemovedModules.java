package org.cgifpm.daemon.log;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Knows what to do about scripts that import modules which newer Pythons have no more. Pure. */
public final class RemovedModules {
    private static final Pattern MISSING =
            Pattern.compile("ModuleNotFoundError: No module named '([A-Za-z_0-9]+)(?:\\.[^']*)?'.*");
    private static final Set<String> OF_CGI = Set.of("cgi", "cgitb");
    /** Those that scripts of the web may have; each is kept alive as standard-NAME on PyPI. */
    private static final Set<String> OTHERS = Set.of(
            "asynchat",
            "asyncore",
            "crypt",
            "distutils",
            "imghdr",
            "mailcap",
            "nntplib",
            "pipes",
            "smtpd",
            "sndhdr",
            "telnetlib",
            "uu",
            "xdrlib");

    private RemovedModules() {}

    /**
     * The remedy, if a line of a traceback says that one of them is missing.
     *
     * @param line as the script wrote it
     */
    public static Optional<String> remedy(String line) {
        Matcher missing = MISSING.matcher(line);
        if (!missing.matches()) {
            return Optional.empty();
        }
        String module = missing.group(1);
        String gone = "this Python has no module " + module + " any more; ";
        if (OF_CGI.contains(module)) {
            return Optional.of(gone + "install the package python3-legacy-cgi (Debian), or for another Python or a"
                    + " virtual environment: pip install legacy-cgi");
        }
        return OTHERS.contains(module)
                ? Optional.of(gone + "pip install standard-" + module + " for that Python, or have an older one")
                : Optional.empty();
    }
}
