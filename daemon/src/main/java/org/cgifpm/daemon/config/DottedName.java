package org.cgifpm.daemon.config;

/** Names of Python with dots between them, such as those of modules. */
final class DottedName {
    private DottedName() {}

    /** What letters a name may have beyond ASCII is Python's to say. */
    static boolean isOne(String text) {
        char before = '.';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c > 0x9f;
            if (before == '.' ? !letter : !letter && !digit && c != '.') {
                return false;
            }
            before = c;
        }
        return before != '.';
    }
}
