package org.cgifpm.daemon.supervisor.checks;

import java.util.Locale;
import org.cgifpm.daemon.config.CheckName;
import org.cgifpm.daemon.config.Severity;

/**
 * What one check says of one script, and what follows from it.
 *
 * @param severity as the pool has it
 */
public record Finding(CheckName check, Severity severity, Verdict verdict) {
    /** The check's name as the configuration has it. */
    public static String nameOf(CheckName check) {
        return check.name().toLowerCase(Locale.ROOT);
    }

    public String name() {
        return nameOf(check);
    }

    /** It is wrong, and so the script is not run. */
    public boolean refuses() {
        return verdict instanceof Verdict.Failed failed && (failed.always() || severity == Severity.ENFORCE);
    }

    /** It is wrong, and the script is run all the same. */
    public boolean warns() {
        return verdict instanceof Verdict.Failed && !refuses();
    }

    /** One line: the check, the path, what was found, what was wanted. "" if nothing is wrong. */
    public String line() {
        return verdict instanceof Verdict.Failed failed ? name() + ": " + failed.words() : "";
    }
}
