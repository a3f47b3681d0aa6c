package org.cgifpm.daemon.supervisor.checks;

/** What a check says. */
public sealed interface Verdict {
    Verdict PASSED = new Passed();

    /** It is right. */
    record Passed() implements Verdict {}

    /** Nobody looked. */
    record Skipped(String why) implements Verdict {}

    /**
     * It is wrong. All are ISO-8859-1 strings with what users wrote in them: escape them before they go anywhere.
     *
     * @param path the file or folder that is wrong
     * @param found what it is
     * @param wanted what it should be
     * @param remedy what to do about it, often a command; "" if there is no short one
     * @param always refused whatever the pool says of this check
     */
    record Failed(String path, String found, String wanted, String remedy, boolean always) implements Verdict {
        public Failed(String path, String found, String wanted, String remedy) {
            this(path, found, wanted, remedy, false);
        }

        /** All of it in one line, without the check's name. */
        public String words() {
            return path + ": found " + found + ", wanted " + wanted + (remedy.isEmpty() ? "" : "; " + remedy);
        }
    }
}
