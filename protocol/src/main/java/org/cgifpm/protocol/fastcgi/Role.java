package org.cgifpm.protocol.fastcgi;

import org.jspecify.annotations.Nullable;

/** What the web server wants of the application (FastCGI 1.0, 6). */
public enum Role {
    RESPONDER(1),
    AUTHORIZER(2),
    FILTER(3);

    private final int code;

    Role(int code) {
        this.code = code;
    }

    /** The number in the body of BEGIN_REQUEST. */
    public int code() {
        return code;
    }

    /** The role of that number, or null: then UNKNOWN_ROLE is the answer. */
    public static @Nullable Role of(int code) {
        for (Role role : values()) {
            if (role.code == code) {
                return role;
            }
        }
        return null;
    }
}
