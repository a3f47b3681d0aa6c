package org.cgifpm.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivilegesTest {
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "000001ffffffffff, true",
        "00000000000000c0, true",
        "0000000000000040, false",
        "0000000000000080, false",
        "ffffffffffffff3f, false",
        "0000000000000000, false",
    })
    void wantsBothCapabilitiesEffective(String effective, boolean privileged) {
        String status = "Name:\tjava\nUid:\t0\t0\t0\t0\nCapInh:\tffffffffffffffff\nCapPrm:\tffffffffffffffff\nCapEff:\t"
                + effective + "\nCapBnd:\tffffffffffffffff\n";

        assertEquals(privileged, Privileges.of(status));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"''", "Name: x"})
    void claimsNothingThatItDoesNotSee(String status) {
        assertEquals(false, Privileges.of(status));
    }
}
