package org.cgifpm.adapters.os;

import java.nio.ByteBuffer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/**
 * The C library's functions that the daemon calls, by their own names; see their manual pages.
 *
 * <p>Wrappers of the library only, never {@code syscall(2)} with a number: numbers differ between architectures. A
 * {@code long} is a native address where the manual page has a pointer. Use it through {@link Syscalls}, which looks
 * after {@code errno} and EINTR.
 */
public interface Libc {
    // events
    int epoll_create1(int flags);

    int epoll_ctl(int epfd, int op, int fd, long event);

    int epoll_wait(int epfd, long events, int maxEvents, int timeoutMillis);

    int eventfd(int initial, int flags);

    int poll(long pollfds, long count, int timeoutMillis);

    // descriptors
    long read(int fd, @Out ByteBuffer buffer, long count);

    long write(int fd, @In ByteBuffer buffer, long count);

    long pread(int fd, @Out ByteBuffer buffer, long count, long offset);

    long pwrite(int fd, @In ByteBuffer buffer, long count, long offset);

    int close(int fd);

    int pipe2(long fds, int flags);

    int fcntl(int fd, int command, long argument);

    int openat(int dirfd, @In byte[] path, int flags, int mode);

    int statx(int dirfd, @In byte[] path, int flags, int mask, long statxbuf);

    long readlinkat(int dirfd, @In byte[] path, @Out byte[] buffer, long size);

    int faccessat(int dirfd, @In byte[] path, int mode, int flags);

    int unlink(@In byte[] path);

    int mkdir(@In byte[] path, int mode);

    int rmdir(@In byte[] path);

    int chmod(@In byte[] path, int mode);

    int chown(@In byte[] path, int owner, int group);

    long realpath(@In byte[] path, @Out byte[] resolved);

    int isatty(int fd);

    // sockets
    int socket(int domain, int type, int protocol);

    int socketpair(int domain, int type, int protocol, long fds);

    long sendmsg(int fd, long message, int flags);

    int bind(int fd, @In byte[] address, int length);

    int connect(int fd, @In byte[] address, int length);

    int listen(int fd, int backlog);

    int accept4(int fd, long address, long length, int flags);

    int getsockname(int fd, long address, long length);

    int getsockopt(int fd, int level, int option, long value, long length);

    int setsockopt(int fd, int level, int option, long value, int length);

    int shutdown(int fd, int how);

    // processes
    /** The seventh argument is not the manual page's: with exactly six, jnr-ffi hands garbage over as the sixth. */
    int posix_spawn(long pid, long path, long fileActions, long attributes, long argv, long envp, long unused);

    int posix_spawn_file_actions_init(long actions);

    int posix_spawn_file_actions_destroy(long actions);

    int posix_spawn_file_actions_adddup2(long actions, int fd, int newFd);

    int posix_spawn_file_actions_addfchdir_np(long actions, int fd);

    int posix_spawn_file_actions_addclosefrom_np(long actions, int lowest);

    int posix_spawnattr_init(long attributes);

    int posix_spawnattr_setflags(long attributes, short flags);

    int posix_spawnattr_setsigdefault(long attributes, long signalSet);

    int posix_spawnattr_setsigmask(long attributes, long signalSet);

    int sigemptyset(long signalSet);

    int pidfd_open(int pid, int flags);

    int pidfd_send_signal(int pidfd, int signal, long siginfo, int flags);

    int getpgid(int pid);

    int getpriority(int which, int who);

    int waitid(int idType, int id, long siginfo, int options);

    int wait4(int pid, long status, int options, long rusage);

    int kill(int pid, int signal);

    long signal(int signal, long handler);

    int getpid();

    int geteuid();

    int getegid();

    int getrlimit(int resource, long rlimit);

    int setrlimit(int resource, long rlimit);

    int prlimit(int pid, int resource, long newLimit, long oldLimit);

    int malloc_trim(long pad);

    // users
    int getpwnam_r(@In byte[] name, long passwd, long buffer, long size, long result);

    int getpwuid_r(int uid, long passwd, long buffer, long size, long result);

    int getgrouplist(@In byte[] user, int group, long groups, long count);

    int getgrnam_r(@In byte[] name, long group, long buffer, long size, long result);

    int getgrgid_r(int gid, long group, long buffer, long size, long result);
}
