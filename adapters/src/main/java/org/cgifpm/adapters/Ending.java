package org.cgifpm.adapters;

/** How the answer to a request came to its end, told apart from its status: a 500 may well be a script's own. */
public enum Ending {
    /** The answer went out whole: the script's, or an error in its place because it gave none. */
    DONE,
    /** Turned away by the daemon: a check, no room, a limit on the request. */
    REFUSED,
    /** The answer stayed incomplete, or an operator ended the request. */
    CUT,
    /** Its time was up, while it was started or ran. */
    TIMEOUT,
    /** Nobody waited for the answer any more. */
    CLIENT_GONE
}
