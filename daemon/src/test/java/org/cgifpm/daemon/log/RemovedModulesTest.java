package org.cgifpm.daemon.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemovedModulesTest {
    @ParameterizedTest
    @ValueSource(strings = {"cgi", "cgitb"})
    void namesThePackagesThatBringTheModulesOfCgiBack(String module) {
        String remedy = RemovedModules.remedy("ModuleNotFoundError: No module named '" + module + "'")
                .orElseThrow();

        assertTrue(remedy.contains("no module " + module + " any more"), remedy);
        assertTrue(remedy.contains("python3-legacy-cgi") && remedy.contains("pip install legacy-cgi"), remedy);
    }

    @Test
    void namesWhatKeepsOthersAlive() {
        String remedy = RemovedModules.remedy("ModuleNotFoundError: No module named 'imghdr'. Did you mean: 'x'?")
                .orElseThrow();

        assertTrue(remedy.contains("pip install standard-imghdr"), remedy);
        assertTrue(RemovedModules.remedy("ModuleNotFoundError: No module named 'distutils.core'")
                .isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ModuleNotFoundError: No module named 'yaml'",
                "ModuleNotFoundError: No module named 'cgix'",
                "  ModuleNotFoundError: No module named 'cgi'",
                "ImportError: No module named 'cgi'",
                "ModuleNotFoundError: No module named 'cgi",
                "print(\"ModuleNotFoundError: No module named 'cgi'\")"
            })
    void saysNothingToAnythingElse(String line) {
        assertEquals(Optional.empty(), RemovedModules.remedy(line));
    }
}
