package org.cgifpm.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The Python scripts that are run fresh and warm: a copy of src/test/resources/warm/site that one user owns, and what no
 * checkout would carry (links, other encodings and line ends, files that are very large or hardly there).
 */
public final class WarmSite {
    private static final String HEAD = "#!/usr/bin/python3\n";
    private static final String ANSWER = "print(\"Content-Type: text/plain\\n\")\n";
    private static final int SCRIPT = 0755;

    private final Path root;

    private WarmSite(Path root) {
        this.root = root;
    }

    /**
     * Fills {@code folder}.
     *
     * @param owner of every file but the one that its user cannot read
     */
    public static WarmSite in(Path folder, LocalUsers.User owner) {
        WarmSite site = new WarmSite(folder);
        Path sources = Repository.ROOT.resolve("e2e/src/test/resources/warm/site");
        try {
            try (Stream<Path> files = Files.walk(sources)) {
                for (Path file : files.toList()) {
                    site.install(file, folder.resolve(sources.relativize(file).toString()));
                }
            }
            site.oddities();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.toList()) {
                    Files.setAttribute(file, "unix:uid", owner.uid(), LinkOption.NOFOLLOW_LINKS);
                    Files.setAttribute(file, "unix:gid", owner.gid(), LinkOption.NOFOLLOW_LINKS);
                }
            }
            Files.setAttribute(site.write("unreadable.py", HEAD + ANSWER), "unix:mode", 0711);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the scripts", e);
        }
        return site;
    }

    public Path root() {
        return root;
    }

    private void install(Path source, Path target) throws IOException {
        if (Files.isDirectory(source)) {
            Files.createDirectories(target);
            Files.setAttribute(target, "unix:mode", SCRIPT);
        } else {
            byte[] content = Files.readAllBytes(source);
            Files.write(target, content);
            boolean script = content.length > 1 && content[0] == '#' && content[1] == '!';
            Files.setAttribute(target, "unix:mode", script ? SCRIPT : 0644);
        }
    }

    private void oddities() throws IOException {
        String fails = "raise ValueError(\"\u00e4\")\n";
        write(
                "latin.py",
                HEAD + "# -*- coding: iso-8859-1 -*-\n" + ANSWER + "print(ascii(\"gr\u00fc\u00dfe\"))\n" + fails);
        write("latin-undeclared.py", HEAD + ANSWER + "print(ascii(\"gr\u00fc\u00dfe\"))\n");
        write("unknown-coding.py", HEAD + "# coding: klingon\n" + ANSWER);
        write("bom.py", "\u00ef\u00bb\u00bf" + HEAD + ANSWER);
        write("empty.py", HEAD);
        write("head-only.py", HEAD.strip());
        write("nul.py", HEAD + ANSWER + "x = 1\0\nprint('after')\n");
        write("no-end.py", HEAD + ANSWER + "print(\"its last line has no end\")");
        String windows = "if True:\n    text = \"\"\"a\nb\"\"\"\nprint(repr(text))\nraise ValueError(\"in line 6\")\n";
        write("crlf.py", HEAD + (ANSWER + windows).replace("\n", "\r\n"));
        StringBuilder lines = new StringBuilder(HEAD + ANSWER);
        for (int line = 0; line < 12_000; line++) {
            lines.append("value_").append(line).append(" = ").append(line).append('\n');
        }
        write("long.py", lines + "print(value_11999)\nraise ValueError(value_7)\n");
        String comment = "# a comment that is rather long, and there are many of them in this file\n";
        write("huge.py", HEAD + ANSWER + comment.repeat(20_000) + "1 / 0\n");
        Files.createSymbolicLink(root.resolve("linked.py"), Path.of("linked/target.py"));
        Files.createSymbolicLink(root.resolve("linked-here.py"), Path.of("main-guard.py"));
    }

    /** Writes a script; each char of {@code text} is one byte. */
    public Path write(String name, String text) {
        try {
            Path file = Files.write(root.resolve(name), text.getBytes(StandardCharsets.ISO_8859_1));
            Files.setAttribute(file, "unix:mode", SCRIPT);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
