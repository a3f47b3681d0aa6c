package org.cgifpm.daemon.supervisor;

import java.util.List;
import java.util.Optional;
import org.cgifpm.adapters.RefusedException;
import org.cgifpm.daemon.supervisor.checks.Finding;
import org.cgifpm.daemon.supervisor.checks.Subject;

/**
 * A script that was found, and what the checks say of it. Its folder is open: whoever gets this closes it.
 *
 * @param findings of every check, in their order
 */
record Reviewed(FoundScript script, Subject subject, List<Finding> findings) {
    /** The first check that says no, if one does. */
    Optional<Finding> refusal() {
        return findings.stream().filter(Finding::refuses).findFirst();
    }

    /** @throws RefusedException 403 if a check that is enforced says no */
    void enforce() throws RefusedException {
        for (Finding finding : findings) {
            if (finding.refuses()) {
                throw new RefusedException(403, script.path(), finding.line(), finding.name());
            }
        }
    }
}
