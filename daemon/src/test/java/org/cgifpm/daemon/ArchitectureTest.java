package org.cgifpm.daemon;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Who may import whom, and who may wait: what the modules cannot say. */
class ArchitectureTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.cgifpm.protocol", "org.cgifpm.adapters", "org.cgifpm.systemd", "org.cgifpm.daemon");

    private static final String PROTOCOL = "org.cgifpm.protocol..";
    private static final String ADAPTERS = "org.cgifpm.adapters..";
    private static final String FRONTEND = "org.cgifpm.adapters.frontend..";
    private static final String BACKEND = "org.cgifpm.adapters.backend..";
    private static final String OS = "org.cgifpm.adapters.os..";
    private static final String SYSTEMD = "org.cgifpm.systemd..";
    private static final String DAEMON = "org.cgifpm.daemon..";
    private static final String SUPERVISOR = "org.cgifpm.daemon.supervisor..";

    /** Packages whose code runs on the loop thread, the development front end's look-ups apart. */
    private static final String[] ON_THE_LOOP = {FRONTEND, BACKEND, SUPERVISOR};

    @Test
    void protocolNeedsNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage(PROTOCOL)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", PROTOCOL)
                .check(ALL);
    }

    @Test
    void adaptersKnowNothingOfTheDaemon() {
        noClasses()
                .that()
                .resideInAPackage(ADAPTERS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(DAEMON, SYSTEMD)
                .check(ALL);
    }

    @Test
    void systemdKnowsNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage(SYSTEMD)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(PROTOCOL, ADAPTERS, DAEMON)
                .check(ALL);
    }

    @Test
    void frontEndsAndBackendsDoNotKnowOneAnother() {
        noClasses()
                .that()
                .resideInAPackage(FRONTEND)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BACKEND)
                .check(ALL);
        noClasses()
                .that()
                .resideInAPackage(BACKEND)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(FRONTEND)
                .check(ALL);
    }

    @Test
    void theSupervisorKnowsNoFrontEndAndNoBackend() {
        noClasses()
                .that()
                .resideInAPackage(SUPERVISOR)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FRONTEND, BACKEND)
                .check(ALL);
    }

    @Test
    void onlyTheOperatingSystemsRoomsCallNativeCode() {
        noClasses()
                .that(resideOutsideOfPackages(OS, SYSTEMD, "org.cgifpm.daemon.control.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jnr..", "com.kenai..", "sun..")
                .check(ALL);
    }

    @Test
    void onlyTheConfigurationKnowsTheTomlLibrary() {
        noClasses()
                .that(resideOutsideOfPackages("org.cgifpm.daemon.config.."))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.moandjiezana..")
                .check(ALL);
    }

    @Test
    void noPackageNeedsItselfByWayOfOthers() {
        slices().matching("org.cgifpm.(**)").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void theLoopThreadNeverWaits() {
        noClasses()
                .that(resideInAnyPackage(ON_THE_LOOP))
                .should()
                .callMethodWhere(target(nameMatching("sleep|join|onSpinWait")).and(target(owner(oneOf(Thread.class)))))
                .orShould()
                .callMethodWhere(target(nameMatching("wait")).and(target(owner(oneOf(Object.class)))))
                .orShould()
                .callMethodWhere(target(nameMatching("waitFor")).and(target(owner(oneOf(Process.class)))))
                .orShould()
                .callMethodWhere(target(nameMatching("get|join|resultNow")).and(target(owner(oneOf(Future.class)))))
                .orShould()
                .callMethodWhere(target(nameMatching("await.*|acquire.*|park.*"))
                        .and(target(owner(
                                oneOf(CountDownLatch.class, Semaphore.class, Condition.class, LockSupport.class)))))
                .orShould()
                .callMethodWhere(target(nameMatching("take|put|invokeAll|invokeAny|awaitTermination|close"))
                        .and(target(owner(oneOf(BlockingQueue.class, ExecutorService.class)))))
                .check(ALL);
    }

    /** Reaping a child waits for its end; only the launch threads may take a start back that way. */
    @Test
    void onlyALaunchThreadWaitsForAChild() {
        noClasses()
                .that(resideOutsideOfPackages(OS))
                .and()
                .doNotHaveFullyQualifiedName("org.cgifpm.adapters.backend.process.Launched")
                .should()
                .callMethodWhere(target(nameMatching("waitFor"))
                        .and(target(owner(nameMatching("org\\.cgifpm\\.adapters\\.os\\.ChildProcess")))))
                .check(ALL);
    }

    @Test
    void theLoopThreadReadsNoFiles() {
        noClasses()
                .that(resideInAnyPackage(ON_THE_LOOP)
                        .and(resideOutsideOfPackages("org.cgifpm.adapters.frontend.http..")))
                .should()
                .accessTargetWhere(toFiles())
                .check(ALL);
    }

    /**
     * The development front end shows files, and looks at them on an executor. Which thread runs a line no rule can
     * tell, so the lines are kept in a few classes that do nothing else; whoever adds one here has checked its callers.
     */
    @Test
    void onlyTheLookUpsOfTheDevelopmentFrontEndTouchFiles() {
        noClasses()
                .that()
                .resideInAPackage("org.cgifpm.adapters.frontend.http..")
                .and()
                .haveNameNotMatching(".*\\.(FileSender|Listing|RunCheck|ScriptHead|SiteMap)(\\$.*)?")
                .should()
                .accessTargetWhere(toFiles())
                .check(ALL);
    }

    private static DescribedPredicate<JavaAccess<?>> toFiles() {
        DescribedPredicate<JavaClass> files = oneOf(
                Files.class,
                FileChannel.class,
                DirectoryStream.class,
                RandomAccessFile.class,
                java.io.File.class,
                InputStream.class,
                OutputStream.class,
                Reader.class,
                Writer.class);
        DescribedPredicate<JavaClass> inMemory =
                oneOf(ByteArrayInputStream.class, ByteArrayOutputStream.class, StringReader.class, StringWriter.class);
        return DescribedPredicate.describe("its owner is a file or a stream that may block", access -> {
            JavaClass owner = access.getTargetOwner();
            return (files.test(owner) && !inMemory.test(owner))
                    || (owner.isEquivalentTo(Path.class) && access.getName().equals("toRealPath"));
        });
    }

    /** Such a class, or one that extends or implements it. */
    private static DescribedPredicate<JavaClass> oneOf(Class<?>... types) {
        return DescribedPredicate.describe("one of the classes that wait", candidate -> {
            for (Class<?> type : types) {
                if (candidate.isAssignableTo(type)) {
                    return true;
                }
            }
            return false;
        });
    }
}
