package org.cgifpm.daemon.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.os.Syscalls;
import org.junit.jupiter.api.Test;

class OwnerIdentitiesTest {
    @Test
    void findsWhoIsThereAndNobodyElse() {
        OwnerIdentities identities = new OwnerIdentities(new Syscalls(), System::nanoTime);

        assertEquals("root", identities.of(0).orElseThrow().user());
        assertTrue(identities.of(3_999_999).isEmpty());
    }

    /** The kernel takes -1 for "as it is": such an owner's scripts would keep the group of the daemon. */
    @Test
    void hasNoUseForNumbersThatAreNone() {
        Confinement.Identity right = new Confinement.Identity("anne", 1001, -2, List.of(-2, 100));

        assertEquals(Optional.of(right), OwnerIdentities.usable(right));
        for (Confinement.Identity wrong : List.of(
                new Confinement.Identity("anne", -1, 1001, List.of(1001)),
                new Confinement.Identity("anne", 1001, -1, List.of()),
                new Confinement.Identity("anne", 1001, 1001, List.of(1001, -1)))) {
            assertEquals(Optional.empty(), OwnerIdentities.usable(wrong), wrong.toString());
        }
    }
}
