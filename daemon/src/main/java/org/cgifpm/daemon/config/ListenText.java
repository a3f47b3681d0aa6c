package org.cgifpm.daemon.config;

import java.nio.charset.StandardCharsets;
import org.cgifpm.daemon.config.ListenAddress.Inherited;
import org.cgifpm.daemon.config.ListenAddress.Tcp;
import org.cgifpm.daemon.config.ListenAddress.UnixPath;
import org.jspecify.annotations.Nullable;

/** Reads the value of {@code listen}: a socket path, {@code host:port}, or {@code fd:NAME}. */
final class ListenText {
    /** sun_path has 108 bytes, one of them for the zero at the end: unix(7). */
    private static final int LONGEST_PATH = 107;

    private ListenText() {}

    static ListenAddress parse(String text) throws BadValueException {
        if (text.startsWith("fd:")) {
            return inherited(text);
        }
        int colon = text.lastIndexOf(':');
        if (text.indexOf('/') < 0 && (colon >= 0 || Section.isNumber(text))) {
            return tcp(text, colon);
        }
        String complaint = socketPathComplaint(text);
        if (complaint != null) {
            throw new BadValueException(complaint);
        }
        return new UnixPath(ByteText.fromText(text));
    }

    /** What is wrong with the path of a socket that shall be made, null if nothing is. */
    static @Nullable String socketPathComplaint(String path) {
        if (path.isEmpty()) {
            return "is empty; write an absolute path such as \"/run/cgi-fpm/main.sock\"";
        }
        if (Folders.hasControlCharacter(path)) {
            return Wording.quote(path) + " has a control character in it";
        }
        if (path.startsWith("unix:")) {
            return Wording.quote(path) + " is how nginx writes it; write only the path: "
                    + Wording.quote(path.substring("unix:".length()));
        }
        if (path.charAt(0) != '/') {
            return Wording.quote(path) + " is not absolute; write a path such as \"/run/cgi-fpm/main.sock\"";
        }
        int length = path.getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_PATH) {
            return "the path has " + length + " bytes, a socket's may have " + LONGEST_PATH
                    + "; choose a shorter one, such as \"/run/cgi-fpm/main.sock\"";
        }
        if (path.endsWith("/")) {
            return Wording.quote(path) + " is a folder; write the name of a socket in it";
        }
        String folder = Folders.parent(path);
        String complaint = Folders.complaint(folder);
        return complaint == null
                ? null
                : "the socket's folder " + Wording.quote(folder) + " " + complaint + "; make it first (mkdir, or "
                        + "RuntimeDirectory= in the unit)";
    }

    private static ListenAddress inherited(String text) throws BadValueException {
        String name = text.substring("fd:".length());
        if (name.isEmpty() || name.indexOf(':') >= 0 || Folders.hasControlCharacter(name)) {
            throw new BadValueException(
                    Wording.quote(text)
                            + " names no socket; write fd: and the FileDescriptorName= of the socket unit, such as \"fd:main\"");
        }
        return new Inherited(name);
    }

    private static ListenAddress tcp(String text, int colon) throws BadValueException {
        String host = colon < 0 ? "" : text.substring(0, colon);
        String port = text.substring(colon + 1);
        if (host.isEmpty() || host.equals("*")) {
            throw new BadValueException(Wording.quote(text) + " names no address; write \"127.0.0.1:"
                    + (Section.isNumber(port) ? port : "9000")
                    + "\" for this machine alone, or \"0.0.0.0:...\" or \"[::]:...\" for everybody");
        }
        int number = Section.isNumber(port) && port.length() <= 5 ? Integer.parseInt(port) : 0;
        if (number < 1 || number > 65_535) {
            throw new BadValueException(Wording.quote(text)
                    + " has no port from 1 to 65535 behind its last colon; write such as \"127.0.0.1:9000\"");
        }
        if (host.equals("localhost")) {
            return new Tcp("127.0.0.1", number);
        }
        boolean brackets = host.startsWith("[") && host.endsWith("]");
        IpAddress address = IpAddress.parse(brackets ? host.substring(1, host.length() - 1) : host);
        boolean colons = host.indexOf(':') >= 0;
        if (colons && !brackets) {
            throw new BadValueException(
                    Wording.quote(text) + ": an IPv6 address stands in brackets; write such as \"[::1]:9000\"");
        }
        if (address == null || brackets != colons) {
            throw new BadValueException(Wording.quote(text)
                    + " names no address in numbers; write such as \"127.0.0.1:9000\" or \"[::1]:9000\"");
        }
        return new Tcp(address.toString(), number);
    }
}
