package org.cgifpm.daemon.config;

import java.util.Locale;

/** What is done about symbolic links between {@code root} and a script. */
public enum Symlinks {
    /** They are followed, whoever made them. */
    FOLLOW,
    /** A link is followed if its owner is root or also owns what it leads to. */
    OWNER_MATCH,
    /** A link on the way is a refusal. */
    REFUSE;

    /** As files say it: {@code owner-match}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
