package dev.martlet.otp;

import static dev.martlet.otp.Child.child;
import static dev.martlet.otp.Supervisor.Strategy.ONE_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Proc;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each test is a program of its own in a JVM of its own, because signals and exit codes are what is tested. */
class ApplicationTest {
    /** What the children run. */
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) {
            var app = Application.of(tree(arguments[0]))
                    .onStart(() -> say("start 1"))
                    .onStop(() -> say("stop 1"))
                    .onStart(() -> say("start 2"))
                    .onStop(() -> say("stop 2"));
            switch (arguments[0]) {
                case "settings" ->
                    Application.of(s -> tree(s.secret("chat.token") + s.string("chat.name")))
                            .onStart(() -> say("start 1"))
                            .main();
                case "stuck" -> app.drainWithin(Duration.ofMillis(200)).main();
                default -> app.main();
            }
        }

        private static Supervisor tree(String how) {
            return Supervisor.of(
                            ONE_FOR_ONE,
                            child(new Part("a", how)).id("a"),
                            child(new Part("b", how)).id("b").shutdown(Duration.ofMinutes(1)))
                    .maxRestarts(0, Duration.ofSeconds(5));
        }
    }

    static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    record Part(String name, String how) implements GenServer<String, String> {
        @Override
        public String init(Ref<String> self) {
            say("+" + name);
            if (name.equals("b")) {
                if (how.equals("crash")) {
                    // Not before the tree has started: a crash that comes earlier fails the start.
                    Proc.sendAfter(Duration.ofMillis(500), Proc.self(), "crash");
                } else {
                    say("ready");
                }
            }
            return name;
        }

        @Override
        public Next<String> handle(String message, String state) {
            throw new IllegalStateException("boom");
        }

        @Override
        public void terminate(ExitReason reason, String state) {
            say("-" + name);
            if (name.equals("b") && (how.equals("stuck") || how.equals("forced"))) {
                var _ = Proc.awaitExit(Proc.self(), Duration.ofMinutes(1));
            }
        }
    }

    private static Process start(String how) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(
                java,
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                how);
        builder.environment().put("CHAT_TOKEN", "");
        return builder.redirectErrorStream(true).start();
    }

    private static void await(BufferedReader output, String line) throws IOException {
        for (var read = output.readLine(); !line.equals(read); read = output.readLine()) {
            assertThat(read).as("the program ended before it said " + line).isNotNull();
        }
    }

    private static List<String> rest(BufferedReader output) {
        return output.lines().toList();
    }

    @Test
    void sigtermStopsTheTreeThenRunsTheHooksInReverseAndExitsWithZero() throws Exception {
        var program = start("well");
        try (var output = program.inputReader(StandardCharsets.UTF_8)) {
            await(output, "start 1");
            await(output, "start 2");
            await(output, "+a");
            await(output, "ready");
            program.toHandle().destroy();
            assertThat(rest(output)).containsSubsequence("-b", "-a", "stop 2", "stop 1");
            assertThat(program.waitFor()).isZero();
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void aTreeThatGivesUpRunsTheHooksAndExitsWithOne() throws Exception {
        var program = start("crash");
        try (var output = program.inputReader(StandardCharsets.UTF_8)) {
            assertThat(rest(output))
                    .containsSubsequence("-a", "stop 2", "stop 1")
                    .anyMatch(l -> l.contains("the application ended"));
            assertThat(program.waitFor()).isOne();
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void aTreeThatDoesNotStopInTimeIsKilledAndTheHooksRun() throws Exception {
        var program = start("stuck");
        try (var output = program.inputReader(StandardCharsets.UTF_8)) {
            await(output, "ready");
            program.toHandle().destroy();
            assertThat(rest(output)).containsSubsequence("-b", "stop 2", "stop 1");
            assertThat(program.waitFor()).isOne();
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void aSecondSignalForcesAtOnce() throws Exception {
        var program = start("forced");
        try (var output = program.inputReader(StandardCharsets.UTF_8)) {
            await(output, "ready");
            program.toHandle().destroy();
            await(output, "-b");
            program.toHandle().destroy();
            assertThat(rest(output)).doesNotContain("stop 2");
            assertThat(program.waitFor()).isEqualTo(128 + 15);
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void withoutItsConfigurationNothingStarts() throws Exception {
        var program = start("settings");
        try (var output = program.inputReader(StandardCharsets.UTF_8)) {
            assertThat(String.join("\n", rest(output)))
                    .contains("chat.token is wrong", "chat.name is missing", "CHAT_NAME", "application.conf")
                    .doesNotContain("start 1", "+a");
            assertThat(program.waitFor()).isOne();
        } finally {
            program.destroyForcibly();
        }
    }
}
