package org.cgifpm.daemon.supervisor;

import java.util.List;
import org.cgifpm.adapters.os.FileStatus;
import org.cgifpm.daemon.supervisor.checks.Folder;
import org.cgifpm.daemon.supervisor.checks.Link;

/**
 * A file that a request names.
 *
 * @param directory an open descriptor of the folder it lies in; whoever gets this closes it
 * @param folder that folder
 * @param name its name in that folder, symbolic links resolved
 * @param status what it was when it was found
 * @param path as the request named it, without what follows the script
 * @param pathInfo what follows the script, "" or beginning with a slash
 * @param folders every folder that was passed below root, root first
 * @param links every symbolic link that was followed
 */
record FoundScript(
        int directory,
        Folder folder,
        String name,
        FileStatus status,
        String path,
        String pathInfo,
        List<Folder> folders,
        List<Link> links) {}
