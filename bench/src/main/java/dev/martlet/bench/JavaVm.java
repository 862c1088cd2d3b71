package dev.martlet.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.martlet.bench.harness.Group.Vm;
import dev.martlet.bench.harness.Scale;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A runtime on the JVM that runs this one. */
final class JavaVm extends Side {
    private static final Path PEKKO = Path.of("bench/pekko/target/app/martlet-bench-pekko.jar");

    private final Options.Collector collector;
    private final List<String> settings;
    private final String classPath;
    private final String main;

    private JavaVm(String name, Options.Collector collector, List<String> settings, String classPath, String main) {
        super(name);
        this.collector = collector;
        this.settings = settings;
        this.classPath = classPath;
        this.main = main;
    }

    /** Martlet, with the flags that its launcher gives. */
    static JavaVm martlet(Options.Collector collector) {
        return new JavaVm(
                "Martlet",
                collector,
                List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"),
                System.getProperty("java.class.path"),
                "dev.martlet.bench.rows.Rows");
    }

    /** Pekko on the collector it is usually run with; with its default dispatcher if {@code threads} is 0. */
    static JavaVm pekko(String name, int threads) throws IOException {
        if (!Files.exists(PEKKO)) {
            throw new IOException(PEKKO + " is not there; ./martlet bench pekko builds it");
        }
        return new JavaVm(
                name,
                Options.Collector.G1,
                List.of("-Dthreads=" + threads),
                PEKKO.toString(),
                "dev.martlet.bench.pekko.Pekko");
    }

    @Override
    String described() {
        return name() + ": JDK " + Runtime.version() + ", " + collector.flag
                + settings.stream()
                        .filter(s -> s.startsWith("-D"))
                        .map(s -> " " + s)
                        .reduce("", String::concat);
    }

    @Override
    List<String> command(Vm vm, Scale scale, List<String> programs) {
        var half =
                ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize() / 2 >> 20;
        var heap = Math.min(vm.heapGigabytes() * 1024L, half);
        var command = new ArrayList<>(java());
        command.addAll(List.of("-Xms" + vm.firstHeap(), "-Xmx" + heap + "m", collector.flag));
        command.add("-XX:" + (vm.compactHeaders() ? "+" : "-") + "UseCompactObjectHeaders");
        command.addAll(settings);
        command.addAll(List.of("-cp", classPath, main, scale.name().toLowerCase(Locale.ROOT)));
        command.addAll(programs);
        return command;
    }

    private static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                // Nobody logs: without a provider, and without SLF4J's warning that there is none.
                "-Dslf4j.internal.verbosity=ERROR",
                // Scala's own business.
                "--sun-misc-unsafe-memory-access=allow");
    }

    /** The rows it has programs for. */
    Set<String> rows() throws IOException, InterruptedException {
        var command = new ArrayList<>(java());
        command.addAll(List.of("-cp", classPath, main, "--list"));
        var rows = new HashSet<String>();
        for (var line : output(command)) {
            var parts = line.split("\t", -1);
            rows.addAll(Arrays.asList(parts).subList(Math.min(2, parts.length), parts.length));
        }
        return rows;
    }
}
