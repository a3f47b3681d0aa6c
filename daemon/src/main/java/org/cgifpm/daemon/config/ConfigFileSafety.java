package org.cgifpm.daemon.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Says so when others than root can write the configuration of a daemon that can become anybody: the file, what it
 * includes, or a folder on the way to them. Whoever can, decides what is run as root.
 */
final class ConfigFileSafety {
    private final Problems problems;
    private final FileOwners owners;
    private final UserNames names;
    private final Set<Path> seen = new HashSet<>();

    ConfigFileSafety(Problems problems, FileOwners owners, UserNames names) {
        this.problems = problems;
        this.owners = owners;
        this.names = names;
    }

    /** @param sources the main file first */
    void check(List<Source> sources) {
        sources.forEach(this::file);
        Source main = sources.get(0);
        if (main.tables().get("include") instanceof List<?> patterns) {
            patterns.forEach(pattern -> {
                if (pattern instanceof String text) {
                    included(main, text);
                }
            });
        }
    }

    private void file(Source source) {
        PathWalk walk = PathWalk.to(source.file().toAbsolutePath(), owners);
        if (!walk.complete()) {
            return;
        }
        folders(source, "", walk);
        owners.of(walk.end()).ifPresent(file -> {
            if (file.uid() != 0) {
                problems.add(source, "", "the file " + belongs(file) + "; chown it to root");
            } else if (file.isShared()) {
                problems.add(source, "", "the file " + written(file) + "; chmod go-w");
            }
        });
    }

    /** A folder whose files are included counts also while it is empty. */
    private void included(Source main, String pattern) {
        int wildcard = pattern.length();
        for (int i = pattern.length() - 1; i >= 0; i--) {
            wildcard = pattern.charAt(i) == '*' || pattern.charAt(i) == '?' ? i : wildcard;
        }
        int slash = pattern.lastIndexOf('/', wildcard);
        try {
            // Any name stands for the files in the folder.
            Path file = main.file().toAbsolutePath().resolveSibling(pattern.substring(0, slash + 1) + "any");
            folders(main, "include", PathWalk.to(file, owners));
        } catch (InvalidPathException e) {
            // Said already, when its files were looked for.
            return;
        }
    }

    private void folders(Source source, String key, PathWalk walk) {
        for (PathWalk.Step step : walk.steps()) {
            FileOwner folder = step.owner();
            String name = "the folder " + Wording.quote(step.folder().toString()) + " ";
            if (folder.uid() != 0) {
                once(source, key, step, name + belongs(folder) + "; chown it to root");
            } else if (folder.isShared() && !step.guarded()) {
                once(source, key, step, name + written(folder) + "; chmod go-w, or move the files");
            }
        }
    }

    private void once(Source source, String key, PathWalk.Step step, String message) {
        if (seen.add(step.folder())) {
            problems.add(source, key, message);
        }
    }

    private String belongs(FileOwner file) {
        String number = Integer.toUnsignedString(file.uid());
        String user = names.name(file.uid()).map(name -> Wording.quote(name)).orElse("number " + number);
        return "belongs to user " + user + ", who could have this daemon run anything as anybody";
    }

    private static String written(FileOwner file) {
        return "has mode " + OctalText.format(file.mode() & 07777)
                + ", so that others than root can write it and have this daemon run anything as anybody";
    }
}
