package org.cgifpm.adapters.frontend.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the first bytes of a file say about running it. Reading it blocks: not for the loop thread.
 *
 * @param machineCode the file is an ELF program
 * @param interpreter the words behind {@code #!}, empty when it has none
 * @param summary the first sentence that a person wrote at its top: docstring or comment, UTF-8 decoded; may be empty
 */
record ScriptHead(boolean machineCode, String interpreter, String summary) {
    private static final int ENOUGH = 2048;
    private static final int SUMMARY = 140;

    static ScriptHead read(Path file) throws IOException {
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(ENOUGH);
        }
        if (start.length > 4 && start[0] == 0x7f && start[1] == 'E' && start[2] == 'L' && start[3] == 'F') {
            return new ScriptHead(true, "", "");
        }
        String[] lines = new String(start, StandardCharsets.UTF_8).split("\n", -1);
        boolean shebang = lines[0].startsWith("#!");
        return new ScriptHead(false, shebang ? lines[0].substring(2) : "", summary(lines, shebang ? 1 : 0));
    }

    boolean hasShebang() {
        return !interpreter.isEmpty();
    }

    /** Saved with Windows line ends: the kernel looks for an interpreter whose name ends in a carriage return. */
    boolean hasCarriageReturn() {
        return interpreter.endsWith("\r");
    }

    /** The path that the kernel starts. */
    String program() {
        return word(0);
    }

    /** The name that a person would call it by: {@code python3} for {@code /usr/bin/env python3}. */
    String language() {
        if (machineCode) {
            return "program";
        }
        String name = baseName(word(0));
        for (int i = 1; name.equals("env") && i < words().length; i++) {
            boolean option = word(i).startsWith("-") || word(i).indexOf('=') >= 0;
            if (!option) {
                return baseName(word(i));
            }
        }
        return name;
    }

    /** Whether {@link #language} is looked up in PATH by {@code env}. */
    boolean byEnv() {
        return baseName(word(0)).equals("env");
    }

    private String[] words() {
        return interpreter.strip().split("[ \t]+", -1);
    }

    private String word(int index) {
        String[] words = words();
        return index < words.length ? words[index] : "";
    }

    private static String baseName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String summary(String[] lines, int from) {
        for (int i = from; i < lines.length && i < from + 12; i++) {
            String line = lines[i].strip();
            if (line.isEmpty() || line.contains("coding:") || line.contains("coding=") || line.contains("-*-")) {
                continue;
            }
            boolean quoted = line.matches("[rRuU]?(\"\"\"|''').*");
            if (!quoted && !line.startsWith("#") && !line.startsWith("//")) {
                return "";
            }
            String text = quoted
                    ? line.replaceFirst("^[rRuU]?(\"\"\"|''')", "").replaceFirst("(\"\"\"|''').*$", "")
                    : line.replaceFirst("^(#+|//+)", "");
            text = text.strip();
            boolean says = text.chars().anyMatch(Character::isLetterOrDigit);
            if (says && !text.startsWith("SPDX") && !text.startsWith("shellcheck") && !text.startsWith("Copyright")) {
                return text.length() <= SUMMARY ? text : text.substring(0, SUMMARY - 1) + "…";
            }
        }
        return "";
    }
}
