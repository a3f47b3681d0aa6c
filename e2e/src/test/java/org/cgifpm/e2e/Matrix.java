package org.cgifpm.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cgifpm.e2e.lab.LocalUsers;
import org.cgifpm.e2e.lab.OwnedFiles;
import org.cgifpm.e2e.lab.RunningProcess;

/**
 * Files and folders with everything that can be wrong with them, what our checks say of each for a pool that runs as
 * alice, and what suEXEC says of the same.
 */
final class Matrix {
    static final String RUNS = "";
    static final String NOT_FOUND = "404";
    static final String SCRIPT = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nran as %s\\n' \"$(id -u)\"\n";

    private static final int ROOT = 0;

    /**
     * One of them.
     *
     * @param path below the root, as a request names it
     * @param refusedBy the check that says no, {@link #RUNS} or {@link #NOT_FOUND}
     * @param suexec the exit status of suEXEC, 0 if it runs it
     */
    record Case(String path, String refusedBy, int suexec) {}

    private final Path root;
    private final LocalUsers.User alice;
    private final LocalUsers.User bob;
    private final int shared;
    private final List<Case> cases = new ArrayList<>();
    /** Paths on which suEXEC and we differ on purpose, and why. */
    private final Map<String, String> intended = new LinkedHashMap<>();

    /** @param shared a group that alice is in beside her own */
    Matrix(Path root, LocalUsers.User alice, LocalUsers.User bob, int shared) throws IOException {
        this.root = root;
        this.alice = alice;
        this.bob = bob;
        this.shared = shared;
        OwnedFiles.folder(root, 0755, ROOT, ROOT);
        folder("ok", 0755, alice.uid(), alice.gid());
        modes();
        owners();
        links();
        kinds();
        folders();
        foldersAbove();
        names();
    }

    List<Case> cases() {
        return cases;
    }

    Map<String, String> intended() {
        return intended;
    }

    private void folder(String name, int mode, int uid, int gid) {
        OwnedFiles.folder(root.resolve(name), mode, uid, gid);
    }

    private void script(String path, int mode, int uid, int gid, String refusedBy, int suexec) {
        OwnedFiles.script(root.resolve(path), SCRIPT, mode, uid, gid);
        cases.add(new Case(path, refusedBy, suexec));
    }

    /** suEXEC and we differ about it on purpose. */
    private void differs(String path, String why) {
        intended.put(path, why);
    }

    private void mode(String name, int mode, String refusedBy, int suexec) {
        script("ok/" + name, mode, alice.uid(), alice.gid(), refusedBy, suexec);
    }

    private void modes() {
        mode("plain.cgi", 0755, RUNS, 0);
        mode("only-mine.cgi", 0700, RUNS, 0);
        mode("read-only.cgi", 0500, RUNS, 0);
        mode("sticky.cgi", 01755, RUNS, 0);
        mode("group-writes.cgi", 0775, "writable", 118);
        mode("others-write.cgi", 0757, "writable", 118);
        mode("all-write.cgi", 0777, "writable", 118);
        mode("setuid.cgi", 04755, "setuid", 119);
        mode("setgid.cgi", 02755, "setuid", 119);
        mode("both.cgi", 06755, "setuid", 119);
        mode("no-x.cgi", 0644, "executable", 121);
        mode("x-for-others-only.cgi", 0655, "executable", 121);
        mode("nothing.cgi", 0000, "executable", 121);
    }

    private void owners() {
        script("ok/of-bob.cgi", 0755, bob.uid(), bob.gid(), "owner", 120);
        script("ok/bobs-file-my-group.cgi", 0755, bob.uid(), alice.gid(), "owner", 120);
        script("ok/bobs-group.cgi", 0755, alice.uid(), bob.gid(), "owner", 120);
        script("ok/of-nobody-known.cgi", 0755, 3_999_999, 3_999_999, "owner", 120);
        script("ok/shared-group.cgi", 0755, alice.uid(), shared, RUNS, 120);
        differs("ok/shared-group.cgi", "its group is one of the user's, and cannot write it");
        script("ok/of-root.cgi", 0755, ROOT, ROOT, RUNS, 120);
        differs("ok/of-root.cgi", "root may install scripts that users cannot change");
        script("ok/of-root-my-group.cgi", 0750, ROOT, alice.gid(), RUNS, 120);
        differs("ok/of-root-my-group.cgi", "root may install scripts that users cannot change");
        script("ok/roots-group.cgi", 0755, alice.uid(), ROOT, RUNS, 120);
        differs("ok/roots-group.cgi", "root's group lends nobody anything: the script runs with the user's own");
        script("ok/of-root-closed.cgi", 0700, ROOT, ROOT, "executable", 120);
    }

    private void link(String path, String target, int uid, String refusedBy, int suexec) {
        OwnedFiles.link(root.resolve(path), target, uid);
        cases.add(new Case(path, refusedBy, suexec));
    }

    private void links() {
        String followed = "links are followed where they and what they lead to have one owner, or root made them";
        link("ok/my-link.cgi", "plain.cgi", alice.uid(), RUNS, 117);
        link("ok/roots-link.cgi", "plain.cgi", ROOT, RUNS, 117);
        link("ok/two-links.cgi", "my-link.cgi", alice.uid(), RUNS, 117);
        for (String name : new String[] {"my-link", "roots-link", "two-links"}) {
            differs("ok/" + name + ".cgi", followed);
        }
        link("ok/bobs-link.cgi", "plain.cgi", bob.uid(), "symlinks", 117);
        link("ok/by-way-of-bobs-link.cgi", "bobs-link.cgi", alice.uid(), "symlinks", 117);
        link("ok/my-link-to-roots-file.cgi", "of-root.cgi", alice.uid(), "symlinks", 117);
        link("ok/out.cgi", "/bin/true", ROOT, "inside_root", 117);
        link("ok/my-link-out.cgi", "/bin/true", alice.uid(), "inside_root", 117);
        link("ok/dangling.cgi", "none", alice.uid(), NOT_FOUND, 117);
        link("ok/loop.cgi", "loop.cgi", alice.uid(), "symlinks", 117);
        OwnedFiles.link(root.resolve("my-folder-link"), "ok", alice.uid());
        cases.add(new Case("my-folder-link/plain.cgi", RUNS, 0));
        OwnedFiles.link(root.resolve("bobs-folder-link"), "ok", bob.uid());
        cases.add(new Case("bobs-folder-link/plain.cgi", "symlinks", 0));
        differs("bobs-folder-link/plain.cgi", "suEXEC sees only the folder that the link has led to");
        cases.add(new Case("ok/missing.cgi", NOT_FOUND, 117));
    }

    private void kinds() throws IOException {
        RunningProcess mkfifo = RunningProcess.start(
                "mkfifo", Files.createTempDirectory("matrix"), Map.of(), List.of("mkfifo", root + "/ok/fifo.cgi"));
        mkfifo.awaitExit(java.time.Duration.ofSeconds(10));
        OwnedFiles.own(root.resolve("ok/fifo.cgi"), 0755, alice.uid(), alice.gid());
        cases.add(new Case("ok/fifo.cgi", "regular_file", 255));
        folder("ok/directory.cgi", 0755, alice.uid(), alice.gid());
        cases.add(new Case("ok/directory.cgi", "regular_file", 255));
    }

    /** A folder with a script of alice's in it. */
    private void folderOf(String name, int mode, int uid, int gid, String refusedBy, int suexec) {
        script(name + "/x.cgi", 0755, alice.uid(), alice.gid(), refusedBy, suexec);
        folder(name, mode, uid, gid);
    }

    private void folders() {
        int me = alice.uid();
        folderOf("group-writes", 0775, me, alice.gid(), "directory_writable", 116);
        folderOf("others-write", 0757, me, alice.gid(), "directory_writable", 116);
        folderOf("sticky", 01777, me, alice.gid(), "directory_writable", 116);
        folderOf("setgid", 02755, me, alice.gid(), RUNS, 0);
        folderOf("only-x", 0711, me, alice.gid(), RUNS, 0);
        folderOf("only-mine", 0700, me, alice.gid(), RUNS, 0);
        folderOf("of-bob", 0755, bob.uid(), bob.gid(), "directory_owner", 120);
        folderOf("bobs-group", 0755, me, bob.gid(), RUNS, 120);
        differs("bobs-group/x.cgi", "a group that cannot write a folder has no say in it");
        folderOf("of-root", 0755, ROOT, ROOT, RUNS, 120);
        differs("of-root/x.cgi", "root's folders are the safest there are");
        folderOf("of-root-closed", 0700, ROOT, ROOT, "executable", 111);
        folderOf("not-searchable", 0600, me, alice.gid(), "executable", 111);
    }

    /** A good folder in one that is not: suEXEC looks at the script's own folder only. */
    private void above(String name, int mode, int uid, String refusedBy, int suexec) {
        script(name + "/inner/x.cgi", 0755, alice.uid(), alice.gid(), refusedBy, suexec);
        folder(name + "/inner", 0755, alice.uid(), alice.gid());
        folder(name, mode, uid, uid);
        if (!refusedBy.equals(RUNS) && suexec == 0) {
            differs(name + "/inner/x.cgi", "every folder from root down is looked at, not only the last");
        }
    }

    private void foldersAbove() {
        above("above-of-bob", 0755, bob.uid(), "directory_owner", 0);
        above("above-writable", 0777, ROOT, "directory_writable", 0);
        above("above-sticky", 01777, ROOT, "directory_writable", 0);
        above("above-closed", 0700, ROOT, "executable", 115);
        above("above-fine", 0711, ROOT, RUNS, 0);
        script("ok/deep/x.cgi", 0755, alice.uid(), alice.gid(), RUNS, 0);
        folder("ok/deep", 0755, alice.uid(), alice.gid());
    }

    private void names() {
        mode("two words.cgi", 0755, RUNS, 0);
        mode("\u00e9t\u00e9.cgi", 0755, RUNS, 0);
        mode(".hidden.cgi", 0755, RUNS, 0);
        mode("-n", 0755, RUNS, 0);
        mode("no-extension", 0755, RUNS, 0);
        for (String name : new String[] {"new\nline.cgi", "tab\t.cgi", "delete\u007f.cgi"}) {
            mode(name, 0755, "control_characters", 0);
            differs("ok/" + name, "such names forge log lines, and no front end needs them");
        }
    }
}
