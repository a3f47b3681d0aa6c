package org.cgifpm.adapters.os;

import java.util.Map;

/** The error numbers the daemon decides by; the same on all architectures that Linux runs Java on. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int E2BIG = 7;
    public static final int ENOEXEC = 8;
    public static final int EBADF = 9;
    public static final int ECHILD = 10;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EEXIST = 17;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ETXTBSY = 26;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int EPIPE = 32;
    public static final int ENAMETOOLONG = 36;
    public static final int ELOOP = 40;
    public static final int EPROTO = 71;
    public static final int EOPNOTSUPP = 95;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ETOOMANYREFS = 109;
    public static final int ECONNREFUSED = 111;

    private static final Map<Integer, String> WORDS = Map.ofEntries(
            Map.entry(EPERM, "EPERM (not permitted)"),
            Map.entry(ENOENT, "ENOENT (no such file or directory)"),
            Map.entry(ESRCH, "ESRCH (no such process)"),
            Map.entry(EINTR, "EINTR (interrupted)"),
            Map.entry(EIO, "EIO (input/output error)"),
            Map.entry(E2BIG, "E2BIG (arguments and environment too long)"),
            Map.entry(ENOEXEC, "ENOEXEC (exec format error)"),
            Map.entry(EBADF, "EBADF (bad descriptor)"),
            Map.entry(ECHILD, "ECHILD (no such child)"),
            Map.entry(EAGAIN, "EAGAIN (try again, or a process limit is reached)"),
            Map.entry(ENOMEM, "ENOMEM (out of memory)"),
            Map.entry(EACCES, "EACCES (permission denied)"),
            Map.entry(EEXIST, "EEXIST (exists)"),
            Map.entry(ENOTDIR, "ENOTDIR (not a directory)"),
            Map.entry(EISDIR, "EISDIR (is a directory)"),
            Map.entry(EINVAL, "EINVAL (invalid argument)"),
            Map.entry(ENFILE, "ENFILE (the system has no descriptor left)"),
            Map.entry(EMFILE, "EMFILE (the daemon has no descriptor left)"),
            Map.entry(ETXTBSY, "ETXTBSY (somebody writes the file)"),
            Map.entry(ENOSPC, "ENOSPC (no space left)"),
            Map.entry(EROFS, "EROFS (read-only file system)"),
            Map.entry(EPIPE, "EPIPE (the other end closed)"),
            Map.entry(ENAMETOOLONG, "ENAMETOOLONG (name too long)"),
            Map.entry(ELOOP, "ELOOP (too many symbolic links)"),
            Map.entry(EADDRINUSE, "EADDRINUSE (address in use)"),
            Map.entry(EADDRNOTAVAIL, "EADDRNOTAVAIL (no such address here)"),
            Map.entry(ECONNABORTED, "ECONNABORTED (the client left before it was accepted)"),
            Map.entry(ECONNRESET, "ECONNRESET (reset by the peer)"),
            Map.entry(ENOBUFS, "ENOBUFS (no buffer space)"),
            Map.entry(ECONNREFUSED, "ECONNREFUSED (nobody listens)"));

    private Errno() {}

    /** The number's name and meaning, for people. */
    public static String words(int errno) {
        return WORDS.getOrDefault(errno, "errno " + errno);
    }
}
