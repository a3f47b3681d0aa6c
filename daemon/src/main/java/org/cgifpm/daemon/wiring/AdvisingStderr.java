package org.cgifpm.daemon.wiring;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.cgifpm.adapters.backend.process.ScriptStderr;
import org.cgifpm.daemon.log.RemovedModules;

/** Passes on what scripts write to standard error, and says what to do where that is known; once for each script. Loop thread only. */
final class AdvisingStderr implements ScriptStderr {
    /** The last so many scripts are remembered. */
    static final int REMEMBERED = 1024;

    private final ScriptStderr next;
    private final BiConsumer<String, String> advice;
    private final Map<String, String> given = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param advice is told the script and what to do */
    AdvisingStderr(ScriptStderr next, BiConsumer<String, String> advice) {
        this.next = next;
        this.advice = advice;
    }

    @Override
    public void line(long exchange, String script, String line) {
        next.line(exchange, script, line);
        RemovedModules.remedy(line).ifPresent(remedy -> {
            if (!remedy.equals(given.put(script, remedy))) {
                advice.accept(script, remedy);
            }
        });
    }
}
