package dev.martlet.bench;

import dev.martlet.bench.harness.Group.Vm;
import dev.martlet.bench.harness.Scale;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /** A VM that did not do its work. */
    static final class Failed extends IOException {
        private static final long serialVersionUID = 1;

        Failed(String what) {
            super(what);
        }
    }

    /** Measures in a fresh VM: the values of each row. */
    final Map<String, List<Double>> measure(Vm vm, Scale scale, List<String> programs)
            throws IOException, InterruptedException {
        var values = new HashMap<String, List<Double>>();
        for (var line : output(command(vm, scale, programs))) {
            var parts = line.split("\t", -1);
            if (parts.length == 3 && parts[0].equals("RESULT")) {
                values.computeIfAbsent(parts[1], _ -> new ArrayList<>()).add(Double.parseDouble(parts[2]));
            } else {
                System.err.println(line);
            }
        }
        return values;
    }

    /** What a command prints; its errors go where ours go. It ends with this VM, or after half an hour. */
    static List<String> output(List<String> command) throws IOException, InterruptedException {
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
        if (code != 0) {
            throw new Failed("exit code " + code + " of: " + String.join(" ", command));
        }
        return lines;
    }
}
