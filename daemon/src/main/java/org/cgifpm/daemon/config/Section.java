package org.cgifpm.daemon.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One table of a file, read key by key with types and ranges.
 *
 * <p>Nothing here throws: a value that cannot be used becomes a problem, and the default takes its place, so that the
 * rest is still checked.
 */
final class Section {
    private final Source source;
    private final String path;
    private final Map<String, Object> values;
    private final Problems problems;

    /** @param path such as {@code pool.legacy}, empty for the top of the file */
    Section(Source source, String path, Map<String, Object> values, Problems problems) {
        this.source = source;
        this.path = path;
        this.values = values;
        this.problems = problems;
    }

    /** In the order of the file. */
    List<String> keys() {
        List<String> keys = new ArrayList<>(values.keySet());
        keys.sort(Comparator.comparingInt((String key) -> source.lines().line(full(key)))
                .thenComparing(Comparator.naturalOrder()));
        return keys;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    @Nullable
    Object value(String key) {
        return values.get(key);
    }

    Source source() {
        return source;
    }

    /** The name of a key as messages have it; of the table itself for an empty one. */
    String full(String key) {
        return path.isEmpty() || key.isEmpty() ? path + key : path + "." + key;
    }

    void problem(String key, String message) {
        problems.add(source, full(key), message);
    }

    void warning(String key, String message) {
        problems.warn(source, full(key), message);
    }

    /** Says it as loudly as a check is made: a problem where it is enforced, nothing where it is off. */
    void complain(Severity severity, String key, String message) {
        switch (severity) {
            case ENFORCE -> problem(key, message);
            case WARN -> warning(key, message);
            case OFF -> {}
        }
    }

    /** A table below this one; empty if there is none, or something else of that name. */
    Section table(String key) {
        Object value = values.get(key);
        if (value != null && !(value instanceof Map)) {
            problem(key, Wording.found(value) + "; write a table [" + full(key) + "]");
        }
        return new Section(source, full(key), tableOf(value), problems);
    }

    /** The entries of a value that the TOML reader gave, none if it is no table. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> tableOf(@Nullable Object value) {
        return value instanceof Map ? (Map<String, Object>) value : Map.of();
    }

    Optional<String> string(String key) {
        Object value = values.get(key);
        if (value == null || value instanceof String) {
            return Optional.ofNullable((String) value);
        }
        problem(key, Wording.found(value) + "; " + inQuotes(value));
        return Optional.empty();
    }

    private static String inQuotes(Object value) {
        boolean plain = value instanceof Long || value instanceof Double || value instanceof Boolean;
        return plain ? "write \"" + value + "\"" : "write a text in quotes";
    }

    int integer(String key, int otherwise, int least, int most) {
        Object value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        String range = "a whole number from " + least + " to " + most;
        if (!(value instanceof Long number)) {
            boolean digits = value instanceof String text && isNumber(text);
            problem(key, Wording.found(value) + "; write " + (digits ? value : range));
            return otherwise;
        }
        if (number < least || number > most) {
            problem(key, number + " is out of range; write " + range);
            return otherwise;
        }
        return (int) (long) number;
    }

    static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    boolean bool(String key, boolean otherwise) {
        Object value = values.get(key);
        if (value == null || value instanceof Boolean) {
            return value == null ? otherwise : (Boolean) value;
        }
        String meant = switch (String.valueOf(value)) {
            case "true", "yes", "on", "1" -> "true";
            case "false", "no", "off", "0" -> "false";
            default -> "true or false";
        };
        problem(key, Wording.found(value) + "; write " + meant);
        return otherwise;
    }

    /** A time; zero is refused unless {@code zero} says what it means. */
    Duration duration(String key, Duration otherwise, boolean zero) {
        Object value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        Duration duration;
        if (value instanceof Long number && number == 0) {
            duration = Duration.ZERO;
        } else if (value instanceof String text) {
            try {
                duration = DurationText.parse(text);
            } catch (BadValueException e) {
                problem(key, e.getMessage());
                return otherwise;
            }
        } else {
            boolean seconds = value instanceof Long number && number > 0;
            problem(
                    key,
                    Wording.found(value) + "; a time needs a unit: write \"" + (seconds ? value + "s\"" : "10s\""));
            return otherwise;
        }
        if (duration.isZero() && !zero) {
            problem(key, "must be more than 0; the default is \"" + DurationText.format(otherwise) + "\"");
            return otherwise;
        }
        return duration;
    }

    /** A whole number that is not set unless the file sets it, and rightly. */
    OptionalInt optionalInteger(String key, int least, int most) {
        int number = has(key) ? integer(key, least - 1, least, most) : least - 1;
        return number < least ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** A size in bytes, at least 1. */
    long size(String key, long otherwise) {
        OptionalLong bytes = bytes(key);
        if (bytes.isPresent() && bytes.getAsLong() < 1) {
            problem(key, "must be more than 0; the default is \"" + ByteSizeText.format(otherwise) + "\"");
            return otherwise;
        }
        return bytes.orElse(otherwise);
    }

    /** A size in bytes that is not set unless the file sets it. */
    OptionalLong optionalSize(String key, long least) {
        OptionalLong bytes = bytes(key);
        if (bytes.isPresent() && bytes.getAsLong() < least) {
            problem(
                    key,
                    ByteSizeText.format(bytes.getAsLong()) + " is too small; write at least \""
                            + ByteSizeText.format(least) + "\""
                            + (least > 0 ? ", or remove the key for no limit" : ""));
            return OptionalLong.empty();
        }
        return bytes;
    }

    private OptionalLong bytes(String key) {
        Object value = values.get(key);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (value instanceof Long number) {
            return OptionalLong.of(number);
        }
        if (value instanceof String text) {
            try {
                return OptionalLong.of(ByteSizeText.parse(text));
            } catch (BadValueException e) {
                problem(key, e.getMessage());
                return OptionalLong.empty();
            }
        }
        problem(key, Wording.found(value) + "; write a size such as \"64k\" or \"512M\"");
        return OptionalLong.empty();
    }

    /** One of the words of an enum. */
    <E extends Enum<E>> E choice(String key, E otherwise) {
        return word(key, otherwise.getDeclaringClass()).orElse(otherwise);
    }

    /** One of the words of an enum; empty if the key is not set, or is wrong, which is a problem then. */
    <E extends Enum<E>> Optional<E> word(String key, Class<E> known) {
        Optional<String> word = string(key);
        if (word.isEmpty()) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>();
        for (E constant : known.getEnumConstants()) {
            if (Wording.word(constant).equals(word.get())) {
                return Optional.of(constant);
            }
            words.add(Wording.word(constant));
        }
        problem(
                key,
                Wording.quote(word.get()) + " is not one of " + String.join(", ", words)
                        + Wording.didYouMean(word.get(), words));
        return Optional.empty();
    }

    /** An array of texts; whole numbers count as their digits where {@code numbers} is true. */
    Optional<List<String>> strings(String key, boolean numbers) {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof List<?> list)) {
            String element = value instanceof String text ? Wording.quote(text) : "\"" + value + "\"";
            problem(
                    key,
                    Wording.found(value) + "; write an array" + (value instanceof Map ? "" : " [" + element + "]"));
            return Optional.empty();
        }
        List<String> strings = new ArrayList<>();
        for (Object element : list) {
            if (element instanceof String text) {
                strings.add(text);
            } else if (numbers && element instanceof Long number) {
                strings.add(Long.toString(number));
            } else {
                problem(key, "in the array " + Wording.found(element) + "; " + inQuotes(element));
                return Optional.empty();
            }
        }
        return Optional.of(strings);
    }
}
