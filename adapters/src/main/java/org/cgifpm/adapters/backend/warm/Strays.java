package org.cgifpm.adapters.backend.warm;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.cgifpm.adapters.backend.process.LeafWatch;
import org.cgifpm.adapters.os.CgroupLeaf;
import org.cgifpm.adapters.os.EventLoop;
import org.cgifpm.adapters.os.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Processes that requests of a pool have left behind, outside of their group and before they had a control group of their
 * own. They live for as long as what a request leaves running may, and end then whatever they do. Loop thread only.
 */
final class Strays {
    private final EventLoop loop;
    private final WarmSettings settings;
    /** The one that was found first at the front. */
    private final Set<Stray> strays = new LinkedHashSet<>();

    private boolean ending;

    Strays(EventLoop loop, WarmSettings settings) {
        this.loop = loop;
        this.settings = settings;
    }

    /** Looks after all that lives in that control group, and gives it back. */
    void take(CgroupLeaf leaf) {
        Stray stray = new Stray(leaf);
        strays.add(stray);
        stray.begin();
        if (strays.size() > settings.maxKeepers()) {
            // They take no place of the pool: there are never more of them than it has places.
            strays.iterator().next().kill();
        }
    }

    boolean isEmpty() {
        return strays.isEmpty();
    }

    /** All of them end now. */
    void end() {
        ending = true;
        List.copyOf(strays).forEach(Stray::kill);
    }

    private final class Stray {
        private final CgroupLeaf leaf;
        private final LeafWatch watch;
        private @Nullable Timer timer;

        Stray(CgroupLeaf leaf) {
            this.leaf = leaf;
            this.watch = new LeafWatch(loop, leaf, this::gone);
        }

        void begin() {
            if (settings.killBackground() || ending) {
                leaf.kill();
            } else if (settings.requestTimeoutNanos() > 0) {
                timer = loop.schedule(settings.requestTimeoutNanos(), leaf::kill);
            }
            watch.look();
        }

        void kill() {
            leaf.kill();
        }

        private void gone() {
            if (timer != null) {
                timer.cancel();
            }
            strays.remove(this);
            leaf.giveBack();
        }
    }
}
