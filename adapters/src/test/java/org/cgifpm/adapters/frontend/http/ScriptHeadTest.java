package org.cgifpm.adapters.frontend.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptHeadTest {
    @ParameterizedTest
    @CsvSource({
        "#!/bin/sh, sh",
        "#! /usr/bin/perl -w, perl",
        "#!/usr/bin/env python3, python3",
        "#!/usr/bin/env -S A=b python3 -u, python3",
        "#!/usr/bin/env, env",
        "echo, ''",
    })
    void namesTheInterpreterAsAPersonDoes(String line, String language, @TempDir Path folder) throws Exception {
        Path file = TestFiles.plain(folder, "x", line + "\nrest\n");
        assertEquals(language, ScriptHead.read(file).language());
    }

    @ParameterizedTest
    @CsvSource({
        "'\"\"\"Says hello.\n\nMore.\"\"\"', Says hello.",
        "'\"\"\"Says hello.\"\"\"', Says hello.",
        "'# -*- coding: utf-8 -*-\n\n## Says hello.', Says hello.",
        "'# ---\n# SPDX-License-Identifier: MIT\n# Says hello.', Says hello.",
        "'import os\n# not the top', ''",
        "'', ''",
    })
    void findsTheFirstSentence(String text, String summary, @TempDir Path folder) throws Exception {
        Path file = TestFiles.plain(folder, "x", "#!/usr/bin/env python3\n" + text + "\n");
        assertEquals(summary, ScriptHead.read(file).summary());
    }

    @Test
    void seesProgramsAndWindowsLineEnds(@TempDir Path folder) throws Exception {
        assertTrue(ScriptHead.read(Path.of("/bin/sh")).machineCode());
        assertTrue(
                ScriptHead.read(TestFiles.plain(folder, "dos", "#!/bin/sh\r\n")).hasCarriageReturn());
        assertFalse(ScriptHead.read(TestFiles.plain(folder, "empty", "")).hasShebang());
    }
}
