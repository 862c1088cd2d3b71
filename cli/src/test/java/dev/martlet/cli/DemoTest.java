package dev.martlet.cli;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code martlet demo} says, and how it exits. */
final class DemoTest {
    private static final Pattern ADDRESS = Pattern.compile("The showcase is on (http://localhost:\\d+) .*");

    private final StringWriter err = new StringWriter();

    @Test
    void itSaysWhereItIsServesAndStopsOnSigterm() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var demo = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), Main.class.getName(), "demo", "--port", "0")
                .redirectErrorStream(true)
                .start();
        try (var out = demo.inputReader();
                var browser = HttpClient.newHttpClient()) {
            // Should it never say its address, its end ends the reading.
            demo.onExit().orTimeout(60, SECONDS).exceptionally(_ -> demo.destroyForcibly());

            var address = out.lines()
                    .map(ADDRESS::matcher)
                    .filter(Matcher::matches)
                    .findFirst()
                    .orElseThrow();
            var page = browser.send(
                    HttpRequest.newBuilder(URI.create(address.group(1) + "/")).build(), ofString());
            assertThat(page.statusCode()).isEqualTo(200);

            demo.destroy();
            assertThat(demo.waitFor(40, SECONDS)).isTrue();
            assertThat(demo.exitValue()).as("128 + SIGTERM").isEqualTo(143);
        } finally {
            demo.destroyForcibly();
        }
    }

    @Test
    void aPortInUseIsOneLineAndExitCodeOne() throws IOException {
        try (var other = new ServerSocket(0)) {
            assertThat(martlet("demo", "--port", String.valueOf(other.getLocalPort())))
                    .isEqualTo(1);
            assertThat(err.toString().lines())
                    .containsExactly("port %d is in use: stop the other program or use --port N"
                            .formatted(other.getLocalPort()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-1, '--port is a number from 0 to 65535; got: -1'",
        "65536, '--port is a number from 0 to 65535; got: 65536'",
        "x, Invalid value for option '--port': 'x' is not an int"
    })
    void aPortThatIsNoneIsAUsageError(String port, String reason) {
        assertThat(martlet("demo", "--port", port)).isEqualTo(2);
        assertThat(err.toString()).startsWith(reason).contains("Usage: martlet demo [-hV] [--port=N]");
    }

    @Test
    void anUnknownSubcommandIsAUsageError() {
        assertThat(martlet("demos")).isEqualTo(2);
        assertThat(err.toString()).contains("demos").contains("demo");
    }

    private int martlet(String... args) {
        return Main.commandLine().setErr(new PrintWriter(err)).execute(args);
    }
}
