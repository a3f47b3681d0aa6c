package org.cgifpm.daemon.supervisor.checks;

import java.util.List;
import org.cgifpm.adapters.os.FileStatus;
import org.jspecify.annotations.Nullable;

/**
 * A script that was found, and all that the checks look at. Everything was read from open descriptors on the way to it,
 * so that it is true of what will be started, whatever its names lead to by now.
 *
 * @param wanted the path that the request named, with PATH_INFO
 * @param root the pool's root, as configured
 * @param folders every folder below root that was passed, root first; for a script outside of root also those that lead
 *     to it
 * @param links every symbolic link that was followed, in the order of the walk
 * @param folder where the script lies
 * @param name the script's name there
 * @param status the script's
 * @param runner whom it would run as
 * @param interpreter the program that runs scripts of this extension, null if it is run by itself
 * @param permitted for {@link Runner.Kind#SELF} what the kernel says: may it be executed, or with an interpreter, read
 */
public record Subject(
        String wanted,
        String root,
        List<Folder> folders,
        List<Link> links,
        Folder folder,
        String name,
        FileStatus status,
        Runner runner,
        @Nullable String interpreter,
        boolean permitted,
        Names names) {
    public Subject {
        folders = List.copyOf(folders);
        links = List.copyOf(links);
    }

    /** The script's own path, links resolved, for people. */
    public String path() {
        return folder.pathOf(name);
    }

    /** The last dot of a name and what follows it, "" where there is none. */
    public static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot);
    }

    static String mode(FileStatus status) {
        return String.format("mode %04o", status.permissions());
    }

    /** Such as {@code mode 0775, owner uid 1000 (alice)}. */
    String modeAndOwner(FileStatus status) {
        return mode(status) + ", owner " + names.ofUser(status.uid());
    }
}
