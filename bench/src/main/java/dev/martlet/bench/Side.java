package dev.martlet.bench;

import dev.martlet.bench.harness.Group.Vm;
import dev.martlet.bench.harness.Scale;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A runtime whose programs are measured in VMs of their own. */
abstract class Side {
    private static final long LIMIT_MINUTES = 30;

    private final String name;

    Side(String name) {
        this.name = name;
    }

    /** What its column is called. */
    final String name() {
        return name;
    }

    /** Which version with which settings, for the head of the table. */
    abstract String described();

    /** The command that measures those programs. */
    abstract List<String> command(Vm vm, Scale scale, List<String> programs);

    /**
     * What a VM gave.
     *
     * @param values what was measured, of each row
     * @param failed the rows whose program did not do what it was to do
     * @param code the exit code
     */
    record Measured(Map<String, List<Double>> values, Set<String> failed, int code) {}

    /** Measures in a fresh VM. */
    final Measured measure(Vm vm, Scale scale, List<String> programs) throws IOException, InterruptedException {
        var values = new HashMap<String, List<Double>>();
        var failed = new HashSet<String>();
        var output = run(command(vm, scale, programs));
        for (var line : output.lines()) {
            var parts = line.split("\t", 3);
            if (parts.length == 3 && parts[0].equals("RESULT")) {
                values.computeIfAbsent(parts[1], _ -> new ArrayList<>()).add(Double.parseDouble(parts[2]));
            } else {
                if (parts.length == 3 && parts[0].equals("FAILED")) {
                    failed.add(parts[1]);
                }
                System.err.println(line);
            }
        }
        return new Measured(values, failed, output.code());
    }

    /** What a command prints. */
    static List<String> output(List<String> command) throws IOException, InterruptedException {
        var output = run(command);
        if (output.code() != 0) {
            output.lines().forEach(System.err::println);
            throw new IOException("exit code " + output.code() + " of: " + String.join(" ", command));
        }
        return output.lines();
    }

    private record Output(List<String> lines, int code) {}

    /** Runs a command; its errors go where ours go. It ends with this VM, or after half an hour. */
    private static Output run(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var end = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(end);
        Thread.ofVirtual().start(() -> {
            try {
                if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
            }
        });
        var lines = new ArrayList<String>();
        try (var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        }
        var code = process.waitFor();
        Runtime.getRuntime().removeShutdownHook(end);
        return new Output(lines, code);
    }
}
