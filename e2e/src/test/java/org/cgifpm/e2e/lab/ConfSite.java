package org.cgifpm.e2e.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cgifpm.e2e.front.ConfFiles;

/** The users and folders that the files of conf/ and the documents name. Close it, also when the test fails. */
public final class ConfSite implements AutoCloseable {
    private final LocalUsers users = new LocalUsers();
    private final ConfFiles files;

    /** @param root a folder that stands for / */
    public ConfSite(Path root) {
        files = new ConfFiles(root);
        for (String name : new String[] {"legacy", "site", "shop", "alice", "bob"}) {
            LocalUsers.User user = users.user("fr" + name);
            files.put('"' + name + '"', '"' + user.name() + '"');
            OwnedFiles.folder(files.moved("/home/" + user.name()), 0711, user.uid(), user.gid());
        }
        for (String folder : new String[] {
            "/etc/cgi-fpm",
            "/run/cgi-fpm",
            "/var/log/cgi-fpm",
            "/srv/legacy/cgi-bin",
            "/srv/legacy/venv/bin",
            "/srv/site/cgi-bin",
            "/srv/shop/venv/bin",
            "/srv/www"
        }) {
            OwnedFiles.folder(files.moved(folder), 0755, 0, 0);
        }
        for (String site : new String[] {"legacy", "shop"}) {
            OwnedFiles.link(files.moved("/srv/" + site + "/venv/bin/python"), "/usr/bin/python3", 0);
        }
    }

    public ConfFiles files() {
        return files;
    }

    /** {@code check} of a main file or of a pool file of that text, moved; warnings are part of what it says. */
    public Launched check(String name, String text) {
        Path folder = files.moved("/etc/cgi-fpm");
        Path file = folder.resolve(name);
        try {
            Files.createDirectories(folder);
            Files.writeString(file, files.move(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Launched.of(folder, "check", "-c", file.toString());
    }

    @Override
    public void close() {
        users.close();
    }
}
