package org.cgifpm.adapters;

/** A request that gets an error answer instead of a program: which status, and why, for the log. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String script;
    private final String check;

    /**
     * @param status 403, 404, 431, 500 or 503
     * @param script the path it is about, for the log; never shown to the client
     * @param why for the log: what was found, what was wanted
     */
    public RefusedException(int status, String script, String why) {
        this(status, script, why, "");
    }

    /** @param check the name of the check that refuses it, as the configuration has it */
    public RefusedException(int status, String script, String why, String check) {
        super(why, null, false, false);
        this.status = status;
        this.script = script;
        this.check = check;
    }

    /** The name of the check that refuses it, "" if none does. */
    public String check() {
        return check;
    }

    public int status() {
        return status;
    }

    public String script() {
        return script;
    }

    /** The message; never null. */
    public String why() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
