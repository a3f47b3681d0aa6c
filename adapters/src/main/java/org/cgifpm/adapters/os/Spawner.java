package org.cgifpm.adapters.os;

/**
 * Starts processes by posix_spawn(3): nothing inherited but descriptors 0, 1 and 2, no signal blocked or ignored, a
 * session of its own, the working directory by descriptor.
 *
 * <p>Blocks until the child has executed the program, about half a millisecond, so it is for launch threads; each has
 * a spawner of its own. The kernel copies the daemon's whole descriptor table and the child closes the copy: the more
 * connections are open, the longer it takes.
 */
public final class Spawner {
    private static final short RESET_SIGNALS_AND_NEW_SESSION = 0x04 | 0x08 | 0x80;
    /** Larger than glibc's (80 and 336 bytes on x86-64) and musl's structures. */
    private static final int ACTIONS_SIZE = 512;

    private static final int SIGSET_SIZE = 128;

    private final Syscalls syscalls;
    private final Libc libc;
    private final NativeMemory actions = new NativeMemory(ACTIONS_SIZE);
    private final NativeMemory attributes = new NativeMemory(ACTIONS_SIZE);
    private final NativeMemory pid = new NativeMemory(8);
    private final SpawnMemory strings = new SpawnMemory();

    public Spawner(Syscalls syscalls) throws SyscallException {
        this.syscalls = syscalls;
        this.libc = syscalls.libc();
        NativeMemory none = new NativeMemory(SIGSET_SIZE);
        NativeMemory all = new NativeMemory(SIGSET_SIZE);
        libc.sigemptyset(none.address());
        // Not sigfillset: it leaves out the library's own two signals, and posix_spawn would then set them to "ignore".
        for (int i = 0; i < SIGSET_SIZE; i++) {
            all.buffer().put(i, (byte) 0xff);
        }
        check(libc.posix_spawnattr_init(attributes.address()), "posix_spawnattr_init", "");
        check(libc.posix_spawnattr_setsigmask(attributes.address(), none.address()), "posix_spawnattr_setsigmask", "");
        check(
                libc.posix_spawnattr_setsigdefault(attributes.address(), all.address()),
                "posix_spawnattr_setsigdefault",
                "");
        check(
                libc.posix_spawnattr_setflags(attributes.address(), RESET_SIGNALS_AND_NEW_SESSION),
                "posix_spawnattr_setflags",
                "");
    }

    /**
     * Starts the program and says its pid.
     *
     * @throws SyscallException with the kernel's reason: ENOENT (the program, or the interpreter its first line names),
     *     EACCES, ENOEXEC (neither a binary nor {@code #!}), E2BIG, EAGAIN or ENOMEM (no room for a process)
     */
    public ChildProcess spawn(SpawnOrder order) throws SyscallException {
        strings.begin(order);
        long path = strings.string(order.program());
        long argv = strings.array(order.arguments());
        long envp = strings.array(order.environment());
        check(libc.posix_spawn_file_actions_init(actions.address()), "posix_spawn_file_actions_init", "");
        syscalls.spawning();
        try {
            addActions(order);
            check(
                    libc.posix_spawn(pid.address(), path, actions.address(), attributes.address(), argv, envp, 0),
                    "posix_spawn",
                    order.program());
        } finally {
            syscalls.spawned();
            libc.posix_spawn_file_actions_destroy(actions.address());
        }
        return ChildProcess.of(syscalls, pid.buffer().getInt(0));
    }

    private void addActions(SpawnOrder order) throws SyscallException {
        long at = actions.address();
        check(libc.posix_spawn_file_actions_addfchdir_np(at, order.directory()), "addfchdir_np", "");
        check(libc.posix_spawn_file_actions_adddup2(at, order.stdin(), 0), "adddup2", "");
        check(libc.posix_spawn_file_actions_adddup2(at, order.stdout(), 1), "adddup2", "");
        check(libc.posix_spawn_file_actions_adddup2(at, order.stderr(), 2), "adddup2", "");
        check(libc.posix_spawn_file_actions_addclosefrom_np(at, 3), "addclosefrom_np", "");
    }

    /** posix_spawn's functions return their error; errno is not set. */
    private static void check(int result, String call, String subject) throws SyscallException {
        if (result != 0) {
            throw new SyscallException(call, subject, result);
        }
    }
}
