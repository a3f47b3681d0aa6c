package org.cgifpm.daemon.wiring;

import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.cgifpm.adapters.backend.process.ProcessSurroundings;
import org.cgifpm.adapters.backend.process.ScriptStderr;
import org.cgifpm.adapters.backend.warm.WarmBackend;
import org.cgifpm.adapters.backend.worker.WorkerBackend;
import org.cgifpm.adapters.frontend.Acceptor;
import org.cgifpm.adapters.frontend.ConnectionBudget;
import org.cgifpm.adapters.frontend.SharedBuffers;
import org.cgifpm.adapters.os.DescriptorLimit;
import org.cgifpm.adapters.os.DescriptorSender;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.LaunchThreads;
import org.cgifpm.adapters.os.ResourceFile;
import org.cgifpm.adapters.os.Signals;
import org.cgifpm.adapters.os.SocketFolder;
import org.cgifpm.adapters.os.Sockets;
import org.cgifpm.adapters.os.SyscallException;
import org.cgifpm.adapters.os.Syscalls;
import org.cgifpm.daemon.config.Mode;
import org.cgifpm.daemon.config.PoolSettings;
import org.cgifpm.daemon.log.LogFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a running daemon is made of below its pools: the loop, its threads, shared buffers, the descriptor limit. */
final class Machine {
    private static final Logger LOG = LoggerFactory.getLogger(Machine.class);

    private final EventLoop loop;
    private final Acceptor.Shared acceptors;
    private final SharedBuffers buffers;
    private final ProcessSurroundings cgi;
    private final LogFiles logFiles;
    private final SocketFolder workerSockets;
    private final DescriptorSender sender;
    private OptionalInt wsgiRunner = OptionalInt.empty();
    private OptionalInt keeper = OptionalInt.empty();

    /** @param runFolder where the sockets of workers get a folder */
    Machine(Syscalls syscalls, int launchThreads, int maxConnections, String runFolder, ScriptStderr stderr)
            throws SyscallException {
        Signals.childrenAreWaitedFor(syscalls);
        DescriptorLimit descriptors = new DescriptorLimit(syscalls);
        this.loop = new EventLoop(syscalls, broken -> LOG.error("internal error, the loop goes on", broken));
        LaunchThreads threads = new LaunchThreads(syscalls, launchThreads);
        int devNull = syscalls.openAt(Syscalls.AT_FDCWD, "/dev/null", Syscalls.O_RDONLY);
        if (devNull < 0) {
            throw new SyscallException("open", "/dev/null", -devNull);
        }
        this.buffers = new SharedBuffers(syscalls);
        this.acceptors = new Acceptor.Shared(
                loop, syscalls, new Sockets(syscalls), descriptors, new ConnectionBudget(maxConnections));
        ByteBuffer scratch = ByteBuffer.allocateDirect(ProcessSurroundings.SCRATCH_SIZE);
        this.cgi = new ProcessSurroundings(loop, syscalls, threads, descriptors, devNull, scratch, stderr);
        this.logFiles = new LogFiles(syscalls);
        this.sender = new DescriptorSender(syscalls);
        this.workerSockets = new SocketFolder(syscalls, acceptors.sockets(), runFolder);
    }

    EventLoop loop() {
        return loop;
    }

    Acceptor.Shared acceptors() {
        return acceptors;
    }

    SharedBuffers buffers() {
        return buffers;
    }

    ProcessSurroundings cgi() {
        return cgi;
    }

    /** Sends descriptors to keepers. */
    DescriptorSender sender() {
        return sender;
    }

    SocketFolder workerSockets() {
        return workerSockets;
    }

    /**
     * The source of the runner for WSGI, open for reading; opened with the first pool that needs it.
     *
     * @throws SyscallException if there is no room for it
     */
    synchronized OptionalInt wsgiRunner(PoolSettings pool) throws SyscallException {
        if (pool.mode() != Mode.WSGI) {
            return OptionalInt.empty();
        }
        if (wsgiRunner.isEmpty()) {
            wsgiRunner = OptionalInt.of(ResourceFile.open(cgi.syscalls(), WorkerBackend.class, "wsgi.py"));
        }
        return wsgiRunner;
    }

    /**
     * The source of keepers, open for reading; opened with the first pool whose scripts may run warm.
     *
     * @throws SyscallException if there is no room for it
     */
    synchronized OptionalInt keeper(PoolSettings pool) throws SyscallException {
        if (pool.mode().hasOneApplication() || pool.python().isEmpty()) {
            return OptionalInt.empty();
        }
        if (keeper.isEmpty()) {
            keeper = OptionalInt.of(ResourceFile.open(cgi.syscalls(), WarmBackend.class, WarmBackend.SOURCE));
        }
        return keeper;
    }

    LogFiles logFiles() {
        return logFiles;
    }
}
