package org.cgifpm.daemon.supervisor.checks;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cgifpm.daemon.config.CheckName;
import org.cgifpm.daemon.config.IdentitySettings;
import org.cgifpm.daemon.config.ScriptRules;
import org.cgifpm.daemon.config.Severity;

/** A pool's checks in their order, {@link CheckName}'s, each with the pool's severity. Any thread. */
public final class Checks {
    private static final Verdict OFF = new Verdict.Skipped("switched off");
    private static final Verdict NOT_FOR_SELF = new Verdict.Skipped("no other user's identity is taken on");

    /** What protects one user from another, where there is only the daemon's own. */
    private static final Set<CheckName> OF_OTHERS =
            EnumSet.of(CheckName.DIRECTORY_OWNER, CheckName.OWNER, CheckName.MIN_UID, CheckName.MIN_GID);

    private final ScriptRules rules;
    private final List<Check> inOrder;

    public Checks(ScriptRules rules, IdentitySettings identity) {
        boolean rootByName = identity.user().equals(Optional.of("root"));
        this.rules = rules;
        this.inOrder = List.of(
                new ControlCharacters(),
                new InsideRoot(),
                new SymbolicLinks(rules.symlinks()),
                new DirectoryOwner(),
                new DirectoryWritable(),
                new RegularFile(),
                new Extension(rules.extensions()),
                new SetUid(),
                new Writable(),
                new Owner(),
                new MinUid(identity.minUid(), rootByName),
                new MinGid(identity.minGid(), rootByName),
                new Executable());
    }

    /** What can be said of a path before anything is looked for; what it refuses must not be looked for. */
    public Finding ofPath(String path) {
        Severity severity = rules.severity(CheckName.CONTROL_CHARACTERS);
        return new Finding(CheckName.CONTROL_CHARACTERS, severity, inForce(severity, ControlCharacters.of(path)));
    }

    /** What all checks say of a script that was found. */
    public List<Finding> of(Subject subject) {
        List<Finding> findings = new ArrayList<>(inOrder.size());
        for (Check check : inOrder) {
            Severity severity = rules.severity(check.name());
            Verdict verdict = subject.runner().isSelf() && OF_OTHERS.contains(check.name())
                    ? NOT_FOR_SELF
                    : inForce(severity, check.look(subject));
            findings.add(new Finding(check.name(), severity, verdict));
        }
        return findings;
    }

    /** What that check had to look at. */
    public String saw(CheckName name, Subject subject) {
        for (Check check : inOrder) {
            if (check.name() == name) {
                return check.saw(subject);
            }
        }
        throw new IllegalArgumentException("no check is called " + name);
    }

    private static Verdict inForce(Severity severity, Verdict verdict) {
        boolean always = verdict instanceof Verdict.Failed failed && failed.always();
        return severity == Severity.OFF && !always ? OFF : verdict;
    }
}
