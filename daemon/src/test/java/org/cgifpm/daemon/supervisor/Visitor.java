package org.cgifpm.daemon.supervisor;

import java.time.Duration;
import java.util.function.Consumer;
import org.cgifpm.daemon.config.Admission;

/** A request at a gate that does nothing but tell that it was let in; names are used once. */
record Visitor(String name, Claim claim, Consumer<Visitor> letIn) implements PoolGate.Waiter {
    @Override
    public void admitted() {
        letIn.accept(this);
    }

    /** That user's request, for the script with that inode. */
    static Claim claim(int uid, long inode) {
        return new Claim(uid, new Claim.ScriptFile(1, inode));
    }

    static Admission limits(int maxChildren, int queueLength, int perUser, int perScript) {
        return new Admission(maxChildren, queueLength, Duration.ofSeconds(1), perUser, perScript, false);
    }
}
