package dev.martlet.web.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.martlet.web.Limits;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Drives the server by the unmodified npm client; the cases are in {@code src/test/js/channels.test.mjs}. */
class PhoenixClientTest {
    @Test
    void theNpmClientIsContent() throws Exception {
        var root = Path.of(System.getProperty("martlet.root", ".."))
                .toAbsolutePath()
                .normalize();
        try (var server = new TestEndpoint(Limits.DEFAULT)) {
            var node = new ProcessBuilder("node", "--test", "--test-reporter=spec", "web/src/test/js/")
                    .directory(root.toFile())
                    .redirectErrorStream(true);
            node.environment().put("MARTLET_PORT", String.valueOf(server.port()));
            var running = node.start();
            var output = new String(running.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(running.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(running.exitValue()).as(output).isZero();
            assertThat(output).as("at least one test ran").contains("channels: joins");
        }
    }
}
