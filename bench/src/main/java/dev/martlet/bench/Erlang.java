package dev.martlet.bench;

import dev.martlet.bench.harness.Group.Vm;
import dev.martlet.bench.harness.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Erlang, as it is installed, with its default settings and room for five million processes. */
final class Erlang extends Side {
    private static final Path ROOT = Path.of(System.getProperty("martlet.root", "."));
    private static final Path SOURCES = ROOT.resolve("bench/src/main/erlang");
    private static final Path CLASSES = ROOT.resolve("bench/target/erlang");

    private final String version;

    private Erlang(String version) {
        super("Erlang");
        this.version = version;
    }

    /** Compiles the programs. */
    static Erlang compiled() throws IOException, InterruptedException {
        Files.createDirectories(CLASSES);
        var command = new ArrayList<>(List.of("erlc", "-o", CLASSES.toString()));
        try (var files = Files.list(SOURCES)) {
            files.map(Path::toString).filter(f -> f.endsWith(".erl")).sorted().forEach(command::add);
        }
        output(command);
        var version = output(List.of(
                "erl",
                "-noshell",
                "-eval",
                "io:format(\"~s (erts ~s, ~p schedulers)~n\", [erlang:system_info(otp_release),"
                        + " erlang:system_info(version), erlang:system_info(schedulers_online)]), halt()."));
        return new Erlang(String.join(" ", version));
    }

    @Override
    String described() {
        return "Erlang/OTP " + version;
    }

    @Override
    List<String> command(Vm vm, Scale scale, List<String> programs) {
        // +Bd: Ctrl-C ends it instead of opening a menu.
        var command = new ArrayList<>(List.of("erl", "+Bd", "-noshell", "+P", "5000000", "-pa", CLASSES.toString()));
        command.addAll(List.of("-s", "bench", "main", scale.name().toLowerCase(Locale.ROOT)));
        command.addAll(programs);
        return command;
    }
}
