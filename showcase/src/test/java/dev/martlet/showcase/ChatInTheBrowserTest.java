package dev.martlet.showcase;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs {@code src/test/js/chat.browser.test.mjs}, which drives two tabs of Chromium, against the whole showcase. The
 * script orders the server to stop and to start again by a POST to {@code /stop} and {@code /start} of a control server.
 */
class ChatInTheBrowserTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path ROOT = Path.of(Objects.requireNonNull(
            System.getProperty("martlet.root"), "the build sets martlet.root to the folder of the root pom.xml"));
    private static final Path MODULE = ROOT.resolve("showcase");

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void twoTabsChatThroughARestartOfTheServer() throws Exception {
        assertThat(CHROMIUM)
                .as("the browser tests drive Debian's Chromium; install it: apt-get install chromium")
                .isExecutable();
        var screenshot = MODULE.resolve("target/screenshots/chat.png");
        Files.deleteIfExists(screenshot);

        try (var showcase = new RunningShowcase()) {
            var control = control(showcase);
            try {
                var log = MODULE.resolve("target/browser-test.log");
                var node = new ProcessBuilder("node", "--test", "src/test/js/chat.browser.test.mjs")
                        .directory(MODULE.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
                node.environment().put("MARTLET_URL", "http://127.0.0.1:" + showcase.port() + "/");
                node.environment()
                        .put(
                                "MARTLET_CONTROL",
                                "http://127.0.0.1:" + control.getAddress().getPort());
                node.environment().put("MARTLET_SCREENSHOT", screenshot.toString());
                run(node, log);
            } finally {
                control.stop(0);
            }
        }
        assertThat(screenshot).isNotEmptyFile();
    }

    private static void run(ProcessBuilder command, Path log) throws IOException, InterruptedException {
        var node = command.start();
        try {
            var ended = node.waitFor(3, TimeUnit.MINUTES);
            assertThat(ended && node.exitValue() == 0)
                    .as(() -> "node --test " + (ended ? "failed" : "did not end") + ":\n" + text(log))
                    .isTrue();
        } finally {
            var children = node.descendants().toList(); // Chromium, if node did not end it
            node.destroy();
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static HttpServer control(RunningShowcase showcase) throws IOException {
        var control = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        order(control, "/stop", showcase::stop);
        order(control, "/start", showcase::start);
        control.start();
        return control;
    }

    private static void order(HttpServer control, String path, Runnable action) {
        control.createContext(path, exchange -> {
            try (exchange) {
                action.run();
                exchange.sendResponseHeaders(204, -1);
            } catch (RuntimeException e) {
                var reason = e.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(500, reason.length);
                exchange.getResponseBody().write(reason);
            }
        });
    }
}
