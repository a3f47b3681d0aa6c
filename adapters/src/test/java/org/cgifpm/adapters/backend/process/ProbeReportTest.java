package org.cgifpm.adapters.backend.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.cgifpm.adapters.Confinement;
import org.cgifpm.adapters.Confinement.Identity;
import org.cgifpm.adapters.Confinement.Limits;
import org.cgifpm.adapters.backend.process.ExecChain.Inherited;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeReportTest {
    private static final String SEEN = """
            Name:\tcat
            Umask:\t0027
            Uid:\t54301\t54301\t54301\t54301
            Gid:\t54302\t54302\t54302\t54302
            Groups:\t54302 54303\s
            CapInh:\t0000000000000000
            CapPrm:\t0000000000000000
            CapEff:\t0000000000000000
            CapBnd:\t0000000000000000
            CapAmb:\t0000000000000000
            NoNewPrivs:\t1
            Limit                     Soft Limit           Hard Limit           Units    \s
            Max cpu time              30                   31                   seconds  \s
            Max file size             1024                 1024                 bytes    \s
            Max stack size            8192                 8192                 bytes    \s
            Max core file size        0                    0                    bytes    \s
            Max processes             40                   40                   processes\s
            Max open files            1024                 20000                files    \s
            Max address space         536870912            536870912            bytes    \s
            7 (c) at) R 1 2 3 0 -1 4194304 80 0 0 0 0 0 0 0 25 5 1 0 100 2000 200
            """;
    private static final Limits LIMITS = Confined.limits(30, 512L << 20, -1, 40, 1000, 0, 8191);
    private static final Confinement ASKED = Confined.nice(
            Confined.umask(
                    Confined.with(Optional.of(new Identity("x", 54_301, 54_302, List.of(54_303, 54_302))), LIMITS),
                    027),
            5);

    @Test
    void hasNothingToSayWhenAllIsAsAsked() {
        assertEquals(List.of(), differences(SEEN, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Uid:\t54301\t54301\t54301|Uid:\t54301\t54301\t0|Uid: wanted 54301 54301 54301 54301, found 54301 54301 0 54301",
                "Gid:\t54302|Gid:\t0|Gid: wanted 54302 54302 54302 54302, found 0 54302 54302 54302",
                "54302 54303|0 54302 54303|Groups: wanted 54302 54303, found 0 54302 54303",
                "CapInh:\t0000000000000000|CapInh:\t0000000000000080|CapInh: wanted 0000000000000000, found 0000000000000080",
                "CapPrm:\t0000000000000000|CapPrm:\t0000000000000080|CapPrm: wanted 0000000000000000, found 0000000000000080",
                "CapEff:\t0000000000000000|CapEff:\t0000000000000080|CapEff: wanted 0000000000000000, found 0000000000000080",
                "CapBnd:\t0000000000000000|CapBnd:\t0000000000000080|CapBnd: wanted 0000000000000000, found 0000000000000080",
                "CapAmb:\t0000000000000000|CapAmb:\t0000000000000080|CapAmb: wanted 0000000000000000, found 0000000000000080",
                "NoNewPrivs:\t1|NoNewPrivs:\t0|NoNewPrivs: wanted 1, found 0",
                "Umask:\t0027|Other:\t0027|Umask: wanted 0027, found nothing",
                "25 5 1|20 0 1|nice: wanted 5, found 0",
                "cpu time              30 |cpu time              60 |Max cpu time: wanted 30 31, found 60 31",
                "Max file size             1024|Max file size             unlimited|Max file size: wanted 1024 1024, found unlimited 1024",
                "Max open files            1024|Max open files            20000|Max open files: wanted 1024, found 20000"
            })
    void namesWhatDiffers(String from, String to, String difference) {
        String changed = SEEN.replace(from.translateEscapes(), to.translateEscapes());

        assertEquals(List.of(difference), differences(changed, 0));
    }

    @Test
    void countsNiceFromTheDaemonsOwn() {
        assertEquals(List.of("nice: wanted 7, found 5"), differences(SEEN, 2));
    }

    @Test
    void wantsNoCapabilityOfRootsBackThatRootHas() {
        Confinement root = Confined.noNewPrivileges(Confined.as(new Identity("root", 0, 0, List.of())), false);
        String seen = """
                Uid:\t0\t0\t0\t0
                Gid:\t0\t0\t0\t0
                Groups:\t
                NoNewPrivs:\t0
                Umask:\t0022
                CapInh:\t0000000000000000
                CapPrm:\t00000000000000ff
                CapAmb:\t0000000000000000
                Max open files            1024                 20000                files
                7 (cat) R 1 2 3 0 -1 4194304 80 0 0 0 0 0 0 0 20 0 1 0
                """;

        assertEquals(List.of(), ProbeReport.differences(seen, root, Inherited.USUAL, 0));
    }

    private static List<String> differences(String seen, int ownNice) {
        return ProbeReport.differences(seen, ASKED, Inherited.USUAL, ownNice);
    }
}
