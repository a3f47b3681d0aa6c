package org.cgifpm.daemon.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the keys of a pool that say which files are scripts: extensions, interpreters and checks. */
final class ScriptsSection {
    private final Section pool;

    ScriptsSection(Section pool) {
        this.pool = pool;
    }

    ScriptRules read() {
        Optional<List<String>> extensions = extensions();
        Map<String, String> interpreters = interpreters(pool.table("interpreters"), extensions);
        Section checks = pool.table("checks");
        Symlinks symlinks = symlinks(checks);
        return new ScriptRules(
                extensions.map(listed -> listed.stream().map(ByteText::fromText).toList()),
                interpreters,
                severities(checks, symlinks),
                symlinks);
    }

    private Optional<List<String>> extensions() {
        Optional<List<String>> listed = pool.strings("extensions", false);
        if (listed.isPresent() && listed.get().isEmpty()) {
            pool.problem(
                    "extensions", "is empty, so that no script may run; name one such as \".py\", or remove the key");
        }
        for (String extension : listed.orElse(List.of())) {
            String complaint = complaint(extension);
            if (complaint != null) {
                pool.problem("extensions", Wording.quote(extension) + complaint);
            }
        }
        return listed;
    }

    /** Why this is no extension, null if it is one. What counts of a file's name is its last part with a dot. */
    static @Nullable String complaint(String extension) {
        String rest = extension.startsWith(".") ? extension.substring(1) : extension;
        boolean fit =
                !rest.isEmpty() && rest.indexOf('.') < 0 && rest.indexOf('/') < 0 && !Folders.hasControlCharacter(rest);
        if (fit && extension.startsWith(".")) {
            return null;
        }
        return " is not an extension; write " + (fit ? Wording.quote("." + rest) : "such as \".py\"");
    }

    private Map<String, String> interpreters(Section table, Optional<List<String>> extensions) {
        Map<String, String> interpreters = new LinkedHashMap<>();
        String jail = PathKey.read(pool, "chroot", "/srv/jail").orElse("");
        for (String extension : table.keys()) {
            String complaint = complaint(extension);
            if (complaint != null) {
                pool.problem("interpreters", Wording.quote(extension) + complaint);
                continue;
            }
            if (extensions.isPresent() && !extensions.get().contains(extension)) {
                pool.problem(
                        "interpreters",
                        Wording.quote(extension) + " has no effect, as it is not in extensions; add it there");
            }
            PathKey.read(table, extension, "/usr/bin/php-cgi").ifPresent(program -> {
                // Scripts that are shut in see the program under that name in there.
                String why = ProgramFile.complaint(Path.of(jail + program));
                if (why != null) {
                    table.problem(
                            extension,
                            Wording.quote(program) + " " + why + "; name a program such as \"/usr/bin/php-cgi\"");
                }
                interpreters.put(ByteText.fromText(extension), ByteText.fromText(program));
            });
        }
        return interpreters;
    }

    private static Symlinks symlinks(Section checks) {
        Optional<String> word = checks.string("symlinks");
        if (word.isEmpty()) {
            return Symlinks.OWNER_MATCH;
        }
        List<String> words = new ArrayList<>();
        for (Symlinks symlinks : Symlinks.values()) {
            if (symlinks.word().equals(word.get())) {
                return symlinks;
            }
            words.add(symlinks.word());
        }
        checks.problem(
                "symlinks",
                Wording.quote(word.get()) + " is not one of " + String.join(", ", words)
                        + Wording.didYouMean(word.get(), words));
        return Symlinks.OWNER_MATCH;
    }

    private static Map<CheckName, Severity> severities(Section checks, Symlinks symlinks) {
        Map<CheckName, Severity> severities = new EnumMap<>(CheckName.class);
        for (CheckName check : CheckName.values()) {
            if (check != CheckName.SYMLINKS) {
                severities.put(check, checks.choice(Wording.word(check), Severity.ENFORCE));
            }
        }
        severities.put(CheckName.SYMLINKS, symlinks == Symlinks.FOLLOW ? Severity.OFF : Severity.ENFORCE);
        Keys.checkTable(checks, checkKeys());
        return severities;
    }

    static List<String> checkKeys() {
        return Arrays.stream(CheckName.values()).map(Wording::word).toList();
    }
}
