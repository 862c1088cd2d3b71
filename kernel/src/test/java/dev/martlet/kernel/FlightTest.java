package dev.martlet.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** The flight recorder: what it gets, and that nobody needs it. */
class FlightTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    @Test
    void theRecorderGetsWhatHappens() throws Exception {
        var file = folder.resolve("martlet.jfr");
        Pid crashed;
        Pid slow;
        try (var recording = new Recording();
                var node = Node.start(Node.Config.DEFAULT.name("recorded"))) {
            for (var name : List.of("Spawned", "Exited", "Crashed", "CallTimedOut", "LimitHit")) {
                recording.enable("dev.martlet." + name);
            }
            recording.start();
            crashed = node.spawn(Spawn.DEFAULT.label("crashing"), () -> {
                throw new IllegalStateException("as planned");
            });
            Proc.awaitExit(crashed, PATIENCE);
            var gate = new CountDownLatch(1);
            slow = node.spawn(Spawn.DEFAULT.label("slow"), new Receiver() {
                @Override
                public void receive(Object message) {}

                @Override
                public void request(Object message, Caller caller) throws Exception {
                    gate.await();
                    caller.reply("too late");
                }
            });
            assertThatThrownBy(() -> Proc.call(slow, "?", Duration.ofMillis(1))).isInstanceOf(CallFailed.Timeout.class);
            gate.countDown();
            recording.stop();
            recording.dump(file);
        }
        var events = RecordingFile.readAllEvents(file);
        assertThat(events)
                .filteredOn(of("Spawned"))
                .extracting(event -> event.getString("pid"))
                .contains(crashed.toString(), slow.toString());
        assertThat(events).filteredOn(of("Crashed")).singleElement().satisfies(event -> {
            assertThat(event.getString("label")).isEqualTo("crashing");
            assertThat(event.getString("cause")).contains("as planned");
        });
        assertThat(events)
                .filteredOn(of("Exited"))
                .anySatisfy(event -> assertThat(event.getString("reason")).contains("as planned"));
        assertThat(events).filteredOn(of("CallTimedOut")).singleElement().satisfies(event -> {
            assertThat(event.getString("label")).isEqualTo("slow");
            assertThat(event.getString("request")).isEqualTo("java.lang.String");
            assertThat(event.getDuration("timeout")).isEqualTo(Duration.ofMillis(1));
            assertThat(event.getStackTrace()).isNotNull();
        });
    }

    private static java.util.function.Predicate<RecordedEvent> of(String name) {
        return event -> event.getEventType().getName().equals("dev.martlet." + name);
    }

    /** Run in a Java runtime that has nothing but its base. */
    static final class WithoutRecorder {
        private WithoutRecorder() {}

        public static void main(String[] args) {
            if (ModuleLayer.boot().findModule("jdk.jfr").isPresent()) {
                throw new AssertionError("the recorder is there");
            }
            try (var node = Node.start(Node.Config.DEFAULT)) {
                var echo = node.spawn(Spawn.DEFAULT, new Receiver() {
                    @Override
                    public void receive(Object message) {
                        throw new IllegalStateException("crash");
                    }

                    @Override
                    public void request(Object message, Caller caller) {
                        caller.reply(message);
                    }
                });
                System.out.println(Proc.call(echo, "it works", PATIENCE));
                Proc.send(echo, "now crash");
                System.out.println(Proc.awaitExit(echo, PATIENCE).orElseThrow());
            }
        }
    }

    @Test
    void theKernelWorksWhereThereIsNoRecorder() throws Exception {
        var classPath = String.join(
                java.io.File.pathSeparator, place(Node.class), place(FlightTest.class), place(Logger.class));
        var output = folder.resolve("output");
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--limit-modules=java.base",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-cp",
                        classPath,
                        WithoutRecorder.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(output, StandardCharsets.UTF_8))
                    .contains("it works")
                    .contains("crashed: java.lang.IllegalStateException: crash");
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String place(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
