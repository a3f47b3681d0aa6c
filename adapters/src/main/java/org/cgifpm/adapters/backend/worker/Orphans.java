package org.cgifpm.adapters.backend.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What ended workers of a group have not accepted, and what nobody may be started for yet. Loop thread only; each is
 * given to another worker or given up, once.
 */
final class Orphans {
    private final WorkerSurroundings around;
    private final Consumer<Unaccepted> adopt;
    private final List<Unaccepted> waiting = new ArrayList<>(0);

    /** @param adopt starts a worker for it, or gives it up */
    Orphans(WorkerSurroundings around, Consumer<Unaccepted> adopt) {
        this.around = around;
        this.adopt = adopt;
    }

    /** Keeps it for so long. */
    void keep(Unaccepted unaccepted, long nanos) {
        waiting.add(unaccepted);
        around.machine().loop().schedule(nanos, () -> {
            if (waiting.remove(unaccepted)) {
                adopt.accept(unaccepted);
            }
        });
    }

    int count() {
        return waiting.size();
    }

    /** None shall have a worker. */
    void giveUp(int status, String why) {
        List<Unaccepted> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(unaccepted -> unaccepted.giveUp(around, status, why));
    }
}
