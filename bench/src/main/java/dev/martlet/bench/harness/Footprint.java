package dev.martlet.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this VM uses.
 *
 * @param heap bytes in use after all garbage has been collected
 * @param resident bytes of memory that the operating system has given it
 */
public record Footprint(long heap, long resident) {
    /** Collects all garbage and looks. */
    public static Footprint now() throws IOException, InterruptedException {
        for (var i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(200); // what is freed by other threads, as by reference handlers
        }
        var runtime = Runtime.getRuntime();
        return new Footprint(runtime.totalMemory() - runtime.freeMemory(), residentSize());
    }

    /** How much heap is in use more than before. */
    public double heapSince(Footprint before) {
        return heap - before.heap;
    }

    /** How much more memory it has than before. */
    public double residentSince(Footprint before) {
        return resident - before.resident;
    }

    private static long residentSize() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            var line = lines.filter(l -> l.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
    }
}
