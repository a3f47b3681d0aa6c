package org.cgifpm.daemon.supervisor;

import org.cgifpm.adapters.os.FileStatus;

/**
 * A file below a pool's root that a request names.
 *
 * @param directory an open descriptor of the folder it lies in; whoever gets this closes it
 * @param name its name in that folder, symbolic links resolved
 * @param status what it was when it was found
 * @param path as the request named it, without what follows the script
 * @param pathInfo what follows the script, "" or beginning with a slash
 */
record FoundScript(int directory, String name, FileStatus status, String path, String pathInfo) {}
