package org.cgifpm.adapters.os;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Listening and connected sockets, all non-blocking and close-on-exec from birth. Any thread. */
public final class Sockets {
    private static final int SOCK_STREAM_CLOEXEC_NONBLOCK = 1 | 02000000 | 04000;
    private static final int SOCK_STREAM_CLOEXEC = 1 | 02000000;
    private static final int SOCK_DGRAM_CLOEXEC_NONBLOCK = 2 | 02000000 | 04000;
    private static final int SOCK_CLOEXEC_NONBLOCK = 02000000 | 04000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_PEERCRED = 17;
    private static final int SO_ACCEPTCONN = 30;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int ADDRESS_SIZE = 128;

    /** A connection taken from a listening socket: a descriptor, and for TCP the other end. */
    public record Accepted(int fd, @Nullable InetAddress address, int port) {}

    private final Syscalls syscalls;

    public Sockets(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /**
     * Listens on a socket file. Owner, group and mode are set between bind and listen, so before the first connection
     * is possible. A socket file that nobody listens on any more is replaced, one that is alive is not.
     *
     * @param owner uid or -1 to leave it, {@code group} likewise
     * @throws SyscallException EADDRINUSE if a living process listens there, EEXIST if the path is no socket
     */
    public int listenUnix(String path, int owner, int group, int mode, int backlog) throws SyscallException {
        byte[] address = SocketAddresses.unix(path);
        removeStale(path);
        int fd = socket(SocketAddresses.AF_UNIX);
        boolean bound = false;
        try {
            check(syscalls.libc().bind(fd, address, address.length), "bind", path);
            bound = true;
            giveTo(path, owner, group, mode);
            check(syscalls.libc().listen(fd, backlog), "listen on", path);
            return fd;
        } catch (SyscallException e) {
            if (bound) {
                syscalls.libc().unlink(Syscalls.cString(path));
            }
            syscalls.close(fd);
            throw e;
        }
    }

    /**
     * Listens on a new socket file that only this daemon's user may connect to, for a process that accepts on it itself:
     * its descriptor waits in accept(2), as such programs expect.
     *
     * @throws SyscallException EADDRINUSE if there is a file of that name
     */
    public int listenForAnother(String path, int backlog) throws SyscallException {
        byte[] address = SocketAddresses.unix(path);
        int fd = syscalls.libc().socket(SocketAddresses.AF_UNIX, SOCK_STREAM_CLOEXEC, 0);
        if (fd < 0) {
            throw syscalls.failed("socket", "");
        }
        boolean made = false;
        try {
            check(syscalls.libc().bind(fd, address, address.length), "bind", path);
            made = true;
            check(syscalls.libc().chmod(Syscalls.cString(path), 0600), "chmod", path);
            check(syscalls.libc().listen(fd, backlog), "listen on", path);
            return fd;
        } catch (SyscallException e) {
            if (made) {
                unlink(path);
            }
            syscalls.close(fd);
            throw e;
        }
    }

    /**
     * Connects to a socket file. It never waits: where a listener's queue is full, that is EAGAIN.
     *
     * @return a descriptor
     */
    public int connectUnix(String path) throws SyscallException {
        byte[] address = SocketAddresses.unix(path);
        int fd = socket(SocketAddresses.AF_UNIX);
        if (syscalls.libc().connect(fd, address, address.length) < 0) {
            SyscallException failed = syscalls.failed("connect", path);
            syscalls.close(fd);
            throw failed;
        }
        return fd;
    }

    /**
     * Gives another owner, group and mode to a socket file of {@link #listenUnix}.
     *
     * @param created what it was when it was made
     * @throws SyscallException ENOENT if another file has taken its place
     */
    public void giveTo(String path, FileStatus created, int owner, int group, int mode) throws SyscallException {
        if (!syscalls.statusOfPath(path).sameFile(created)) {
            throw new SyscallException("chmod", path + ", which is another file now", Errno.ENOENT);
        }
        giveTo(path, owner, group, mode);
    }

    /** Another length for the queue of a socket that listens. */
    public void backlog(int fd, int backlog) throws SyscallException {
        check(syscalls.libc().listen(fd, backlog), "listen on", "descriptor " + fd);
    }

    /** Removes a socket file of {@link #listenForAnother}. */
    public void unlink(String path) {
        syscalls.libc().unlink(Syscalls.cString(path));
    }

    /**
     * By a descriptor of what lies there now, not by its name: whoever may write the folder could put a link in its place,
     * and a daemon that is root would give away what that points to.
     */
    private void giveTo(String path, int owner, int group, int mode) throws SyscallException {
        int file = syscalls.openAt(Syscalls.AT_FDCWD, path, Syscalls.O_PATH | Syscalls.O_NOFOLLOW);
        if (file < 0) {
            throw new SyscallException("open", path, -file);
        }
        try {
            FileStatus there = syscalls.status(file);
            if (!there.isSocket()) {
                throw new SyscallException("bind", path + ", which is " + there.kind() + " now", Errno.EEXIST);
            }
            byte[] itself = Syscalls.cString("/proc/self/fd/" + file);
            if (there.permissions() != mode) {
                changeMode(itself, path, mode);
            }
            if (owner != -1 || group != -1) {
                check(syscalls.libc().chown(itself, owner, group), "chown", path);
            }
        } finally {
            syscalls.close(file);
        }
    }

    /** Without CAP_FOWNER only its owner may, which a daemon that may give files away becomes for that moment. */
    private void changeMode(byte[] file, String path, int mode) throws SyscallException {
        if (syscalls.libc().chmod(file, mode) >= 0) {
            return;
        }
        SyscallException refused = syscalls.failed("chmod", path);
        if (refused.errno() != Errno.EPERM
                || syscalls.libc().chown(file, syscalls.libc().geteuid(), -1) < 0
                || syscalls.libc().chmod(file, mode) < 0) {
            throw refused;
        }
    }

    /**
     * Removes a socket file that nobody listens on any more, so that another can be made; nothing where there is none.
     *
     * @throws SyscallException EADDRINUSE if a living process listens there, EEXIST if the path is no socket
     */
    public void removeStale(String path) throws SyscallException {
        FileStatus there;
        try {
            there = syscalls.statusOfPath(path);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ENOENT) {
                return;
            }
            throw e;
        }
        if (!there.isSocket()) {
            throw new SyscallException(
                    "bind",
                    path + ", which is " + there.kind() + " (move it away or choose another path)",
                    Errno.EEXIST);
        }
        int fd = socket(SocketAddresses.AF_UNIX);
        try {
            byte[] address = SocketAddresses.unix(path);
            if (syscalls.libc().connect(fd, address, address.length) >= 0 || syscalls.lastError() == Errno.EAGAIN) {
                throw new SyscallException(
                        "bind", path + ", where a living process listens (ss -xlp names it)", Errno.EADDRINUSE);
            }
            SyscallException failed = syscalls.failed("connect", path);
            if (failed.errno() == Errno.EACCES && UnixListeners.mayBe(path)) {
                throw new SyscallException("bind", path + ", where a living process may listen", Errno.EADDRINUSE);
            }
            if (failed.errno() != Errno.ECONNREFUSED && failed.errno() != Errno.EACCES) {
                throw failed;
            }
        } finally {
            syscalls.close(fd);
        }
        check(syscalls.libc().unlink(Syscalls.cString(path)), "unlink", path);
    }

    /** Removes a socket file, if it is still the one that {@code created} describes. */
    public void unlinkOwn(String path, FileStatus created) {
        try {
            if (syscalls.statusOfPath(path).sameFile(created)) {
                syscalls.libc().unlink(Syscalls.cString(path));
            }
        } catch (SyscallException e) {
            // It is gone, or out of reach: then it is not ours to remove.
            return;
        }
    }

    public int listenTcp(InetAddress address, int port, int backlog) throws SyscallException {
        String subject = address.getHostAddress() + " port " + port;
        byte[] bytes = SocketAddresses.inet(address, port);
        int fd = socket(bytes.length == 28 ? SocketAddresses.AF_INET6 : SocketAddresses.AF_INET);
        try {
            setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
            check(syscalls.libc().bind(fd, bytes, bytes.length), "bind", subject);
            check(syscalls.libc().listen(fd, backlog), "listen on", subject);
            return fd;
        } catch (SyscallException e) {
            syscalls.close(fd);
            throw e;
        }
    }

    /**
     * Takes over a socket that a service manager left open: checks that it listens, and makes it non-blocking and
     * close-on-exec.
     */
    public int adopt(int fd) throws SyscallException {
        NativeMemory memory = syscalls.scratch();
        memory.buffer().putInt(0, 0).putInt(8, 4);
        check(
                syscalls.libc().getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, memory.address(), memory.address() + 8),
                "getsockopt",
                "inherited descriptor " + fd);
        if (memory.buffer().getInt(0) == 0) {
            throw new SyscallException("inherited descriptor " + fd + " does not listen", "", Errno.EINVAL);
        }
        syscalls.nonBlocking(fd);
        if (fd > 2) {
            syscalls.closeOnExec(fd);
        }
        return fd;
    }

    /**
     * Two Unix stream sockets connected with each other: {@code [ours, theirs]}, the first of them non-blocking.
     *
     * @throws SyscallException EMFILE or ENFILE: no room for them
     */
    public int[] pair() throws SyscallException {
        NativeMemory memory = syscalls.scratch();
        check(
                syscalls.libc().socketpair(SocketAddresses.AF_UNIX, SOCK_STREAM_CLOEXEC, 0, memory.address()),
                "socketpair",
                "");
        int[] ends = {memory.buffer().getInt(0), memory.buffer().getInt(4)};
        try {
            syscalls.nonBlocking(ends[0]);
        } catch (SyscallException e) {
            syscalls.close(ends[0]);
            syscalls.close(ends[1]);
            throw e;
        }
        return ends;
    }

    /** Whether a socket, listening or connected, is of the Unix family. */
    public boolean isUnix(int fd) throws SyscallException {
        return SocketAddresses.family(localAddress(fd)) == SocketAddresses.AF_UNIX;
    }

    /** The port that a TCP socket is bound to. */
    public int localPort(int fd) throws SyscallException {
        return SocketAddresses.port(localAddress(fd));
    }

    private ByteBuffer localAddress(int fd) throws SyscallException {
        NativeMemory memory = syscalls.scratch();
        memory.buffer().putInt(ADDRESS_SIZE, ADDRESS_SIZE);
        check(
                syscalls.libc().getsockname(fd, memory.address(), memory.address() + ADDRESS_SIZE),
                "getsockname",
                "descriptor " + fd);
        return memory.buffer();
    }

    /** The next connection, or a negative error number in {@code fd}; EAGAIN when there is none. */
    public Accepted accept(int listener, boolean unix) {
        NativeMemory memory = syscalls.scratch();
        while (true) {
            int fd;
            if (unix) {
                fd = syscalls.libc().accept4(listener, 0, 0, SOCK_CLOEXEC_NONBLOCK);
            } else {
                memory.buffer().putInt(ADDRESS_SIZE, ADDRESS_SIZE);
                fd = syscalls.libc()
                        .accept4(listener, memory.address(), memory.address() + ADDRESS_SIZE, SOCK_CLOEXEC_NONBLOCK);
            }
            if (fd >= 0) {
                return unix
                        ? new Accepted(fd, null, 0)
                        : new Accepted(
                                fd, SocketAddresses.address(memory.buffer()), SocketAddresses.port(memory.buffer()));
            }
            int errno = syscalls.lastError();
            if (errno != Errno.EINTR) {
                return new Accepted(-errno, null, 0);
            }
        }
    }

    /** Small records go out at once: a front end must not wait for an acknowledgement. */
    public void noDelay(int fd) {
        try {
            setOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        } catch (SyscallException e) {
            // The connection is gone already; reading it will tell.
            return;
        }
    }

    public PeerCredentials credentials(int fd) throws SyscallException {
        NativeMemory memory = syscalls.scratch();
        memory.buffer().putInt(16, 12);
        check(
                syscalls.libc().getsockopt(fd, SOL_SOCKET, SO_PEERCRED, memory.address(), memory.address() + 16),
                "getsockopt SO_PEERCRED",
                "");
        ByteBuffer buffer = memory.buffer();
        return new PeerCredentials(buffer.getInt(0), buffer.getInt(4), buffer.getInt(8));
    }

    /**
     * Sends one datagram to a Unix socket and does not wait for a busy receiver.
     *
     * @param name an absolute path, or {@code @NAME} for the abstract namespace
     */
    public void sendDatagram(String name, byte[] message) throws SyscallException {
        byte[] address =
                name.startsWith("@") ? SocketAddresses.abstractUnix(name.substring(1)) : SocketAddresses.unix(name);
        int fd = syscalls.libc().socket(SocketAddresses.AF_UNIX, SOCK_DGRAM_CLOEXEC_NONBLOCK, 0);
        if (fd < 0) {
            throw syscalls.failed("socket", "");
        }
        try {
            check(syscalls.libc().connect(fd, address, address.length), "connect", name);
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(message.length).put(message).flip();
            int sent = syscalls.write(fd, direct);
            if (sent < 0) {
                throw new SyscallException("send to", name, -sent);
            }
        } finally {
            syscalls.close(fd);
        }
    }

    private int socket(int family) throws SyscallException {
        int fd = syscalls.libc().socket(family, SOCK_STREAM_CLOEXEC_NONBLOCK, 0);
        if (fd < 0) {
            throw syscalls.failed("socket", "");
        }
        return fd;
    }

    private void setOption(int fd, int level, int option, int value) throws SyscallException {
        NativeMemory memory = syscalls.scratch();
        memory.buffer().putInt(0, value);
        check(syscalls.libc().setsockopt(fd, level, option, memory.address(), 4), "setsockopt", "option " + option);
    }

    private void check(int result, String call, String subject) throws SyscallException {
        if (result < 0) {
            throw syscalls.failed(call, subject);
        }
    }
}
