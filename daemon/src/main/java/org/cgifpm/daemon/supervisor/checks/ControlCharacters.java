package org.cgifpm.daemon.supervisor.checks;

import org.cgifpm.daemon.config.CheckName;

/** No byte below 0x20 and no 0x7f in the path that the request names, PATH_INFO included. NUL is refused always. */
record ControlCharacters() implements Check {
    private static final int DELETE = 0x7f;

    @Override
    public CheckName name() {
        return CheckName.CONTROL_CHARACTERS;
    }

    @Override
    public Verdict look(Subject subject) {
        return of(subject.wanted());
    }

    /** As {@link #look}, before anything has been looked for. */
    static Verdict of(String path) {
        int at = first(path);
        if (at < 0) {
            return Verdict.PASSED;
        }
        boolean nul = path.indexOf('\0') >= 0;
        return new Verdict.Failed(
                path,
                "byte " + (int) path.charAt(at) + " at position " + at,
                "no control characters",
                nul ? "a NUL is refused whatever the pool says" : "rename the file",
                nul);
    }

    private static int first(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) < ' ' || path.charAt(i) == DELETE) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String saw(Subject subject) {
        return "a path of " + subject.wanted().length() + " bytes";
    }
}
