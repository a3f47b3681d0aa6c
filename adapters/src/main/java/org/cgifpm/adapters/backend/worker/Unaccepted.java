package org.cgifpm.adapters.backend.worker;

import java.util.List;
import org.cgifpm.adapters.os.SocketFolder;

/**
 * The socket of a worker that has ended, with connections that it has not accepted: another process can. Whoever gets it
 * starts one on it, or gives it up. Loop thread only.
 */
record Unaccepted(SocketFolder.Listener listener, List<RelayConnection> connections) {
    /** Those whose requests nobody has given up meanwhile. */
    List<RelayConnection> open() {
        return connections.stream().filter(connection -> !connection.isClosed()).toList();
    }

    /** No worker shall have it: what was sent over it is answered with that. */
    void giveUp(WorkerSurroundings around, int status, String why) {
        for (RelayConnection connection : connections) {
            connection.requests().forEach(request -> request.unserved(status, why));
            connection.close();
        }
        around.sockets().close(listener);
    }
}
