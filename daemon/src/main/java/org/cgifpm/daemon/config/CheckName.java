package org.cgifpm.daemon.config;

/**
 * The checks that a script must pass, in the order in which they are made; in lower case they are the keys of {@code
 * [pool.NAME.checks]} and the names that a refusal, {@code explain} and the access log use.
 */
public enum CheckName {
    /** No NUL and no control characters in the name that the front end sent. */
    CONTROL_CHARACTERS,
    /** The script lies below {@code root}, also after all symbolic links. */
    INSIDE_ROOT,
    /** Symbolic links on the way: its value is {@code follow}, {@code owner-match} or {@code refuse}. */
    SYMLINKS,
    /** Each folder on the way, {@code root} first, is owned by root or by the user that the script runs as. */
    DIRECTORY_OWNER,
    /** No folder on the way can be written by others than its owner and root. */
    DIRECTORY_WRITABLE,
    /** A regular file. */
    REGULAR_FILE,
    /** Its name ends with one of the pool's {@code extensions}. */
    EXTENSION,
    /** Neither setuid nor setgid. */
    SETUID,
    /** Not writable by group or others. */
    WRITABLE,
    /** Owned by the user that it runs as, or by root. */
    OWNER,
    /** It runs as a user number of {@code min_uid} or more. */
    MIN_UID,
    /** It runs with a group number of {@code min_gid} or more. */
    MIN_GID,
    /** It may be executed by the user that it runs as, or its extension has an interpreter and it may be read. */
    EXECUTABLE
}
