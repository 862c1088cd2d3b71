package dev.martlet.stress;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real Erlang VM that executes batches of programs; started once. */
final class Erlang implements AutoCloseable {
    private final Path folder;
    private final Process vm;
    private final Writer in;
    private final BufferedReader out;
    private int batches;

    private Erlang(Path folder, Process vm) {
        this.folder = folder;
        this.vm = vm;
        this.in = vm.outputWriter(StandardCharsets.US_ASCII);
        this.out = vm.inputReader(StandardCharsets.US_ASCII);
    }

    /** Whether there is an {@code erl} on the path. */
    static boolean isInstalled() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "erl")));
    }

    static Erlang start() {
        try {
            var folder = Files.createTempDirectory("martlet-differential");
            try (var source = Objects.requireNonNull(Erlang.class.getResourceAsStream("differential.erl"))) {
                Files.copy(source, folder.resolve("differential.erl"));
            }
            var main = "{ok, M, Code} = compile:file(\"" + folder.resolve("differential")
                    + "\", [binary]), {module, M} = code:load_binary(M, \"\", Code), M:main().";
            var vm = new ProcessBuilder("erl", "-noshell", "-kernel", "logger_level", "none", "-eval", main)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            return new Erlang(folder, vm);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start erl", e);
        }
    }

    /** What each of the programs did, line by line. */
    synchronized List<List<String>> run(List<Program> programs) {
        var number = batches++;
        var input = folder.resolve("programs" + number);
        var output = folder.resolve("observed" + number);
        try {
            Files.writeString(input, programs.stream().map(Program::toString).collect(Collectors.joining()));
            in.write(input + " " + output + "\n");
            in.flush();
            var said = new StringBuilder();
            for (var line = out.readLine(); !"done".equals(line); line = out.readLine()) {
                if (line == null) {
                    throw new IllegalStateException("the Erlang VM has ended: " + said);
                }
                said.append(line).append('\n');
            }
            var results = new ArrayList<List<String>>();
            for (var line : Files.readAllLines(output)) {
                if (line.startsWith("program ")) {
                    results.add(new ArrayList<>());
                } else {
                    results.getLast().add(line);
                }
            }
            Files.delete(input);
            Files.delete(output);
            return results;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            in.close(); // the end of its input is the end of the VM
        } catch (IOException e) {
            // it has ended before
        }
        vm.destroy();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
