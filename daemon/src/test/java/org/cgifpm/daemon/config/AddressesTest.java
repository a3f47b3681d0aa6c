package org.cgifpm.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "::ffff:10.1.2.3, 10.1.2.3",
        "::ffff:a01:203, 10.1.2.3",
        "64:ff9b::1.2.3.4, 64:ff9b::102:304",
        "1:0:3:4:5:6:7:8, 1:0:3:4:5:6:7:8",
        "fe80::1:0:0, fe80::1:0:0",
    })
    void readsAddressesAndWritesThemInTheShortForm(String text, String written) {
        assertEquals(written, String.valueOf(IpAddress.parse(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.4 ",
                "a.b.c.d",
                ":",
                ":::",
                "1:2",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7::8:9",
                "12345::",
                "g::",
                "::1%eth0",
                "1:",
                ":1",
                "::1.2.3",
                "1:2:3:4:5:6:7:1.2.3.4",
                "[::1]",
                "localhost",
                "1.2.3.٤",
            })
    void takesNothingElseForAnAddress(String text) {
        assertNull(IpAddress.parse(text));
    }

    @Test
    void readsWhatThePlatformWritesForTheSameBytes() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[i % 2 == 0 ? 4 : 16];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                bytes[random.nextInt(bytes.length / 2) * 2] = 0;
                bytes[bytes.length / 2] = 0;
            }
            IpAddress address = IpAddress.of(bytes);
            String platform = InetAddress.getByAddress(bytes).getHostAddress();
            assertEquals(address, IpAddress.parse(platform), "seed " + seed + ", " + platform);
            assertEquals(address, IpAddress.parse(address.toString()), "seed " + seed + ", " + address);
        }
        assertThrows(IllegalArgumentException.class, () -> IpAddress.of(new byte[5]));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "0.0.0.0/0, 1.2.3.4, true",
        "0.0.0.0/0, ::1, false",
        "::/0, ::1, true",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "127.0.0.1/32, ::ffff:127.0.0.1, true",
        "2001:db8::/33, 2001:db8:7fff::, true",
        "2001:db8::/33, 2001:db8:8000::, false",
        "2001:db8::/64, 2001:db8::1:2:3:4, true",
        "2001:db8::/64, 2001:db8:0:1::, false",
        "2001:db8::8000:0:0:0/65, 2001:db8::7000:0:0:0, false",
    })
    void knowsWhichClientsBelongToANetwork(String network, String client, boolean contained) throws Exception {
        IpAddress address = IpAddress.parse(client);
        assertNotNull(address);
        assertEquals(contained, ClientNetwork.parse(network).contains(address));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "localhost | \"localhost\" is neither an address nor a network; write such as \"10.1.2.3\", \"10.0.0.0/8\" or \"2001:db8::/32\"",
                "10.0.0.0/33 | \"10.0.0.0/33\" has no number from 0 to 32 behind its slash",
                "::/129 | \"::/129\" has no number from 0 to 128 behind its slash",
                "10.0.0.0/255.0.0.0 | \"10.0.0.0/255.0.0.0\" has no number from 0 to 32 behind its slash",
                "10.0.0.0/ | \"10.0.0.0/\" has no number from 0 to 32 behind its slash",
                "10.1.2.3/8 | \"10.1.2.3/8\" names a single address and a network; write \"10.0.0.0/8\" or \"10.1.2.3\"",
            })
    void refusesOtherNetworksWithAdvice(String text, String message) {
        assertEquals(
                message,
                assertThrows(BadValueException.class, () -> ClientNetwork.parse(text))
                        .getMessage());
    }

    @Test
    void knowsTheAddressesOfThisMachineAlone() {
        assertTrue(IpAddress.LOOPBACK4.isLoopback());
        assertTrue(IpAddress.LOOPBACK6.isLoopback());
        assertFalse(IpAddress.of(new byte[] {10, 0, 0, 1}).isLoopback());
        assertFalse(IpAddress.of(new byte[4]).isLoopback());
        assertTrue(IpAddress.of(new byte[4]).isWildcard());
        assertTrue(IpAddress.of(new byte[16]).isWildcard());
    }
}
