package org.cgifpm.adapters.frontend.http;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.cgifpm.adapters.frontend.http.Resource.Folder;
import org.cgifpm.adapters.frontend.http.Resource.Moved;
import org.cgifpm.adapters.frontend.http.Resource.Refused;
import org.cgifpm.adapters.frontend.http.Resource.Script;
import org.cgifpm.adapters.frontend.http.Resource.StaticFile;
import org.jspecify.annotations.Nullable;

/**
 * Decides which URL is which file, folder or script beneath one folder. It asks the file system and so may block: not
 * for the loop thread; any other, as it keeps no state.
 *
 * <p>Nothing outside the folder is reachable, through symbolic links neither; names that begin with a dot do not
 * exist; the source of a script is never sent.
 */
final class SiteMap {
    private static final Refused NOT_FOUND = new Refused(404, "there is nothing at this address", "");
    private static final List<String> INDEX_SCRIPTS =
            List.of("index.cgi", "index.py", "index.pl", "index.sh", "index.rb", "index.php");
    private static final List<String> INDEX_FILES = List.of("index.html", "index.htm");

    private final Path root;
    private final RunCheck check;

    /**
     * @param root an existing folder, already canonical ({@link Path#toRealPath})
     * @param scriptPath the PATH that scripts get
     */
    SiteMap(Path root, String scriptPath) {
        this.root = root;
        this.check = new RunCheck(scriptPath);
    }

    /** Whether a file is a program: to be run, or refused with the reason, but not to be shown. */
    static boolean isScript(Path file, String name, ScriptHead head) {
        if (head.hasShebang() || FileTypes.isScript(name)) {
            return true;
        }
        // On file systems without modes (FAT, some mounts) every picture is executable: the type decides there.
        return Files.isExecutable(file) && !FileTypes.isKnown(name);
    }

    Resource find(RequestPath path, String query) {
        try {
            return walk(path, query);
        } catch (NoSuchFileException gone) {
            return NOT_FOUND;
        } catch (AccessDeniedException denied) {
            return new Refused(403, "the server may not read this", "It runs as the user who started it.");
        } catch (FileSystemException odd) {
            // A name that is too long, or a loop of links.
            return NOT_FOUND;
        } catch (IOException failed) {
            return new Refused(500, "the file system failed: " + failed.getMessage(), "");
        }
    }

    private Resource walk(RequestPath path, String query) throws IOException {
        Path at = root;
        StringBuilder url = new StringBuilder();
        List<String> segments = path.segments();
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (segment.isEmpty()) {
                continue;
            }
            if (segment.startsWith(".")) {
                return NOT_FOUND;
            }
            Path next = at.resolve(WirePath.name(segment));
            if (!next.toRealPath().startsWith(root)) {
                return new Refused(403, "a symbolic link leads out of the served folder", "");
            }
            url.append('/').append(segment);
            if (!Files.isDirectory(next)) {
                return file(next, url.toString(), segment, path.after(i));
            }
            at = next;
        }
        if (!path.endsInSlash()) {
            return new Moved(path.url() + "/" + (query.isEmpty() ? "" : "?" + query));
        }
        Resource index = index(at, url.toString());
        return index != null ? index : new Folder(Listing.read(at, path.url(), check));
    }

    private @Nullable Resource index(Path folder, String url) throws IOException {
        for (String name : INDEX_FILES) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return indexFile(folder, url, name);
            }
        }
        for (String name : INDEX_SCRIPTS) {
            Path script = folder.resolve(name);
            if (Files.isRegularFile(script) && Files.isExecutable(script)) {
                return indexFile(folder, url, name);
            }
        }
        return null;
    }

    private Resource indexFile(Path folder, String url, String name) throws IOException {
        Path file = folder.resolve(name);
        return file.toRealPath().startsWith(root)
                ? file(file, url + "/" + name, name, "")
                : new Refused(403, "a symbolic link leads out of the served folder", "");
    }

    private Resource file(Path file, String url, String name, String pathInfo) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            return new Refused(403, "this is neither a file nor a folder", "");
        }
        boolean executable = Files.isExecutable(file);
        // A program that may be run but not read is a program all the same.
        ScriptHead head = executable && !Files.isReadable(file) ? new ScriptHead(true, "", "") : ScriptHead.read(file);
        boolean script = head.machineCode() ? executable : isScript(file, name, head);
        if (script && executable) {
            return new Script(url, pathInfo, WirePath.absolute(root) + url);
        }
        if (script) {
            String shown = Listing.decoded(name);
            return new Refused(403, "this script is not executable", "chmod +x " + shown);
        }
        if (!pathInfo.isEmpty()) {
            return NOT_FOUND;
        }
        return new StaticFile(
                file, name, attributes.size(), attributes.lastModifiedTime().toInstant(), FileTypes.of(name));
    }
}
