package org.cgifpm.daemon.supervisor.checks;

import java.util.List;
import java.util.Optional;
import org.cgifpm.daemon.config.CheckName;

/**
 * The script's own name, links resolved, ends with an extension that the pool allows. Compared byte by byte from the
 * last dot on: {@code .CGI} is not {@code .cgi}, and {@code a.cgi.txt} is not one either.
 */
record Extension(Optional<List<String>> allowed) implements Check {
    @Override
    public CheckName name() {
        return CheckName.EXTENSION;
    }

    @Override
    public Verdict look(Subject subject) {
        String extension = Subject.extension(subject.name());
        if (allowed.isEmpty() || allowed.get().contains(extension)) {
            return Verdict.PASSED;
        }
        return new Verdict.Failed(
                subject.path(),
                extension.isEmpty() ? "no extension" : "extension " + extension,
                allowed.get().isEmpty() ? "one of none" : String.join(" or ", allowed.get()),
                "rename it, or add its extension to extensions");
    }

    @Override
    public String saw(Subject subject) {
        if (allowed.isEmpty()) {
            return "every extension is allowed";
        }
        return "extension " + Subject.extension(subject.name());
    }
}
