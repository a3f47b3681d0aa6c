package org.cgifpm.daemon.config;

import java.util.Locale;
import java.util.Optional;

/** Reads and writes permission bits, which stand in quotes: TOML would take 0660 for six hundred and sixty. */
final class OctalText {
    private OctalText() {}

    /** @param example a value for the key, such as {@code 0660} */
    static int read(Section section, String key, int otherwise, String example) {
        if (section.value(key) instanceof Long number) {
            String digits = number < 1000 && number >= 0 ? String.format(Locale.ROOT, "%04d", number) : example;
            section.problem(
                    key,
                    Wording.found(number) + "; a mode is octal and stands in quotes: write "
                            + Wording.quote(isOctal(digits) ? digits : example));
            return otherwise;
        }
        Optional<String> text = section.string(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!isOctal(text.get())) {
            section.problem(
                    key,
                    Wording.quote(text.get()) + " is not a mode from \"0000\" to \"0777\"; write such as "
                            + Wording.quote(example));
            return otherwise;
        }
        return Integer.parseInt(text.get(), 8);
    }

    /** Three digits, or four and the first a zero. */
    private static boolean isOctal(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '7') {
                return false;
            }
        }
        return digits.length() == 3 || (digits.length() == 4 && digits.charAt(0) == '0');
    }

    static String format(int mode) {
        return String.format(Locale.ROOT, "%04o", mode);
    }
}
