package org.cgifpm.daemon.supervisor.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.cgifpm.daemon.supervisor.python.PythonLine.OtherException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonLineTest {
    private static final String OWN = "/opt/site/py";

    private static PythonLine of(String line) throws OtherException {
        return PythonLine.of(Shebang.of(line + "\n"), OWN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "#!/usr/bin/python3            | /usr/bin/python3    | false | ''",
                "#!/usr/local/bin/python       | /usr/local/bin/python | false | ''",
                "#! /opt/x/bin/python3.13      | /opt/x/bin/python3.13 | false | ''",
                "#!/opt/site/py -u             | /opt/site/py        | false | -u",
                "#!/usr/bin/python3 -u         | /usr/bin/python3    | false | -u",
                "#!/usr/bin/python3 -sEu       | /usr/bin/python3    | false | -Esu",
                "#!/usr/bin/python3 -OOOuu     | /usr/bin/python3    | false | -OOu",
                "#!/usr/bin/python3 -IBbbq     | /usr/bin/python3    | false | -BIbbq",
                "#!/usr/bin/env python3        | python3             | true  | ''",
                "#!/bin/env python3.11         | python3.11          | true  | ''",
                "#!/usr/bin/env /usr/bin/python3 | /usr/bin/python3  | false | ''",
                "#!/usr/bin/env -S python3     | python3             | true  | ''",
                "#!/usr/bin/env -S python3 -u -s | python3           | true  | -su",
                "#!/usr/bin/env -Spython3  -s -u | python3           | true  | -su",
                "#!/usr/bin/env /opt/site/py   | /opt/site/py        | false | ''",
            })
    void takesPythonsWithFlagsThatChangeNothingForAFork(String line, String program, boolean searched, String flags)
            throws OtherException {
        assertEquals(new PythonLine(program, searched, flags), of(line));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "#!/usr/bin/perl               | its first line names /usr/bin/perl",
                "#!/usr/bin/python2            | its first line names /usr/bin/python2",
                "#!/usr/bin/python2.7          | its first line names /usr/bin/python2.7",
                "#!/usr/bin/python3.           | its first line names /usr/bin/python3.",
                "#!/usr/bin/python3.11-dbg     | its first line names /usr/bin/python3.11-dbg",
                "#!/usr/bin/pypy3              | its first line names /usr/bin/pypy3",
                "#!python3                     | its first line names python3",
                "#!bin/python3                 | its first line names bin/python3",
                "#!/usr/bin/env                | its first line names /usr/bin/env",
                "#!/usr/bin/env perl           | its first line names /usr/bin/env perl",
                "#!/usr/bin/env python3 -u     | its first line names /usr/bin/env python3 -u",
                "#!/usr/bin/env ./python3      | its first line names /usr/bin/env ./python3",
                "#!/usr/bin/env -i python3     | its first line names /usr/bin/env -i python3",
                "#!/usr/bin/env -S A=b python3 | its first line names /usr/bin/env -S A=b python3",
                "#!/usr/bin/env -S             | its first line names /usr/bin/env -S",
                "#!/usr/bin/env -S python3 '-u' | its first line has quotes, escapes or variables for /usr/bin/env -S",
                "#!/usr/bin/python3 -W error   | flag -W error",
                "#!/usr/bin/python3 -u -s      | flag -u -s",
                "#!/usr/bin/python3 -S         | flag -S",
                "#!/usr/bin/python3 -uP        | flag -uP",
                "#!/usr/bin/python3 -          | flag -",
                "#!/usr/bin/python3 --         | flag --",
                "#!/usr/bin/python3 x.py       | argument x.py",
                "#!/usr/bin/env -S python3 -u -c pass | flag -c",
                "#!/usr/bin/env -S python3 -u x | argument x",
            })
    void saysWhyAnythingElseIsNotForAKeeper(String line, String why) {
        assertEquals(why, assertThrows(OtherException.class, () -> of(line)).why());
    }

    @Test
    void aCarriageReturnIsPartOfTheName() {
        assertEquals(
                "its first line names /usr/bin/python3\r",
                assertThrows(OtherException.class, () -> of("#!/usr/bin/python3\r"))
                        .why());
    }

    @Test
    void aProgramHasNoFirstLine() {
        assertEquals(
                "it has no first line with #!",
                assertThrows(OtherException.class, () -> PythonLine.of(Optional.empty(), OWN))
                        .why());
    }
}
