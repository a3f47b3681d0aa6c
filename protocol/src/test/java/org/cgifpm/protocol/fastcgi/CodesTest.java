package org.cgifpm.protocol.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The numbers of FastCGI 1.0, 8. */
class CodesTest {
    @Test
    void recordTypesCountFromOneToEleven() {
        assertEquals(
                IntStream.rangeClosed(1, 11).boxed().toList(),
                IntStream.of(
                                RecordType.BEGIN_REQUEST.code(),
                                RecordType.ABORT_REQUEST.code(),
                                RecordType.END_REQUEST.code(),
                                RecordType.PARAMS.code(),
                                RecordType.STDIN.code(),
                                RecordType.STDOUT.code(),
                                RecordType.STDERR.code(),
                                RecordType.DATA.code(),
                                RecordType.GET_VALUES.code(),
                                RecordType.GET_VALUES_RESULT.code(),
                                RecordType.UNKNOWN_TYPE.code())
                        .boxed()
                        .toList());
    }

    @Test
    void everyNameIsFoundByItsNumber() {
        for (RecordType type : RecordType.values()) {
            assertEquals(type, RecordType.of(type.code()));
        }
        for (Role role : Role.values()) {
            assertEquals(role, Role.of(role.code()));
        }
        for (ProtocolStatus status : ProtocolStatus.values()) {
            assertEquals(status, ProtocolStatus.of(status.code()));
        }
    }

    @Test
    void numbersWithoutANameAreNull() {
        assertNull(RecordType.of(0));
        assertNull(RecordType.of(12));
        assertNull(RecordType.of(-1));
        assertNull(Role.of(0));
        assertNull(Role.of(4));
        assertNull(ProtocolStatus.of(4));
        assertNull(ProtocolStatus.of(-1));
    }

    @Test
    void rolesAndStatusesHaveTheNumbersOfTheSpecification() {
        assertEquals(Role.RESPONDER, Role.of(1));
        assertEquals(Role.AUTHORIZER, Role.of(2));
        assertEquals(Role.FILTER, Role.of(3));
        assertEquals(ProtocolStatus.REQUEST_COMPLETE, ProtocolStatus.of(0));
        assertEquals(ProtocolStatus.CANT_MPX_CONN, ProtocolStatus.of(1));
        assertEquals(ProtocolStatus.OVERLOADED, ProtocolStatus.of(2));
        assertEquals(ProtocolStatus.UNKNOWN_ROLE, ProtocolStatus.of(3));
    }
}
