package org.cgifpm.adapters.os;

import java.io.IOException;

/** The system refused a call: says which call, on what, and why. */
public final class SyscallException extends IOException {
    private static final long serialVersionUID = 1;
    private final int errno;

    public SyscallException(String call, String subject, int errno) {
        super(call + (subject.isEmpty() ? "" : " " + subject) + ": " + Errno.words(errno));
        this.errno = errno;
    }

    /** The same refusal, told with more of what it was about. */
    public SyscallException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    /** The error number, one of {@link Errno}. */
    public int errno() {
        return errno;
    }
}
