package org.cgifpm.adapters.backend.warm;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cgifpm.adapters.backend.process.KeptEvents;

/** Tells the log of each script that runs cold although it could run warm, and why; once for each reason. Loop thread. */
final class ColdScripts {
    /** The last so many are remembered. */
    private static final int REMEMBERED = 1024;

    private final KeptEvents events;
    private final Map<String, String> said = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    ColdScripts(KeptEvents events) {
        this.events = events;
    }

    void say(String script, String why) {
        if (!why.equals(said.put(script, why))) {
            events.info(script + " runs cold: " + why);
        }
    }
}
