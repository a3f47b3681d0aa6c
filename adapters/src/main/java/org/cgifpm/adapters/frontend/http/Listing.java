package org.cgifpm.adapters.frontend.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a folder holds, read once. Reading it blocks: not for the loop thread.
 *
 * @param urlPath the folder's URL path, encoded, ends in a slash
 * @param entries in the order they are shown, without hidden files
 * @param more how many entries there are beyond those
 */
record Listing(String urlPath, List<Entry> entries, int more) {
    private static final int MOST = 2000;

    /** In the order they are shown. */
    enum Kind {
        SCRIPT,
        CANNOT_RUN,
        FOLDER,
        FILE
    }

    /**
     * One line of the page.
     *
     * @param name ISO-8859-1, one char for one byte
     * @param detail the language of a script, else empty
     * @param about a script's summary, or why it cannot run; decoded text
     */
    record Entry(Kind kind, String name, long size, Instant modified, String detail, String about) {}

    Listing {
        entries = List.copyOf(entries);
    }

    static Listing read(Path folder, String urlPath, RunCheck check) throws IOException {
        List<Path> paths = new ArrayList<>();
        int more = 0;
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path path : stream) {
                if (paths.size() < MOST) {
                    paths.add(path);
                } else {
                    more++;
                }
            }
        }
        List<Entry> entries = new ArrayList<>();
        for (Path path : paths) {
            Entry entry = entry(path, check);
            if (entry != null) {
                entries.add(entry);
            }
        }
        entries.sort(Comparator.comparing(Entry::kind).thenComparing(Entry::name));
        return new Listing(urlPath, entries, more);
    }

    /** Null for what is hidden, gone meanwhile, or neither file nor folder. */
    private static @Nullable Entry entry(Path path, RunCheck check) {
        String name = WirePath.nameOf(path);
        if (name.startsWith(".")) {
            return null;
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            Instant modified = attributes.lastModifiedTime().toInstant();
            if (attributes.isDirectory()) {
                return new Entry(Kind.FOLDER, name, 0, modified, "", "");
            }
            if (!attributes.isRegularFile()) {
                return null;
            }
            return file(path, name, attributes.size(), modified, check);
        } catch (IOException goneOrDangling) {
            return null;
        }
    }

    private static Entry file(Path path, String name, long size, Instant modified, RunCheck check) {
        try {
            ScriptHead head = ScriptHead.read(path);
            if (!SiteMap.isScript(path, name, head)) {
                return new Entry(Kind.FILE, name, size, modified, "", "");
            }
            String problem = check.problem(path, head, decoded(name));
            return problem == null
                    ? new Entry(Kind.SCRIPT, name, size, modified, head.language(), head.summary())
                    : new Entry(Kind.CANNOT_RUN, name, size, modified, head.language(), problem);
        } catch (IOException unreadable) {
            return new Entry(Kind.CANNOT_RUN, name, size, modified, "", "not readable for this server");
        }
    }

    /** Bytes as a person reads them: UTF-8, what is not valid replaced. */
    static String decoded(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
