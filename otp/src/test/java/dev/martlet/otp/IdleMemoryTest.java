package dev.martlet.otp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an idle server takes of the heap, in a JVM as Martlet is started in. */
class IdleMemoryTest {
    private static final int COUNT = 200_000;

    @TempDir
    Path folder;

    /** Prints the bytes of each of many servers that have done nothing but start. */
    static final class Servers {
        private Servers() {}

        public static void main(String[] args) {
            for (var i = 0; i < 2_000; i++) { // what starting one loads is not counted
                GenServer.start(new Counter(0));
            }
            var pids = new Pid[COUNT];
            var before = heap();
            for (var i = 0; i < COUNT; i++) {
                pids[i] = GenServer.start(new Counter(0)).pid().orElseThrow();
            }
            var after = heap();
            if (Node.current().processCount() < pids.length) {
                throw new AssertionError("some have ended");
            }
            System.out.println("bytes=" + (after - before) / COUNT);
            System.exit(0);
        }

        private static long heap() {
            for (var i = 0; i < 3; i++) {
                System.gc();
            }
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }
    }

    @Test
    void anIdleServerTakesAtMost300Bytes() throws Exception {
        var output = folder.resolve("output");
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseZGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-Xmx1g",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .replace('\n', File.pathSeparatorChar),
                        Servers.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
            var text = Files.readString(output);
            var bytes = text.lines()
                    .filter(line -> line.startsWith("bytes="))
                    .mapToLong(line -> Long.parseLong(line.substring("bytes=".length())))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(text));
            assertThat(bytes).isBetween(100L, 300L);
        } finally {
            process.destroyForcibly();
        }
    }
}
