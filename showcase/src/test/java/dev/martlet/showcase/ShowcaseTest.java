package dev.martlet.showcase;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShowcaseTest {
    private static RunningShowcase showcase;
    private static HttpClient http;

    @BeforeAll
    static void start() {
        showcase = new RunningShowcase();
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        showcase.close();
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + showcase.port() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html, <title>Martlet chat</title>",
        "/assets/chat.css, text/css, color-scheme: light dark",
        "/assets/chat.js, text/javascript, ./phoenix.mjs",
        "/assets/phoenix.mjs, text/javascript, var Socket = class",
        "/assets/martlet.svg, image/svg+xml, <svg"
    })
    void servesThePage(String path, String type, String part) throws Exception {
        var response = get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type"))
                .get()
                .asString()
                .startsWith(type);
        assertThat(response.body()).contains(part);
    }

    @Test
    void isHealthy() throws Exception {
        assertThat(get("/health").body()).isEqualTo("{\"status\":\"ok\"}");
    }

    @Test
    void servesNothingElse() throws Exception {
        assertThat(get("/assets/nothing.js").statusCode()).isEqualTo(404);
        assertThat(get("/../Showcase.class").statusCode()).isEqualTo(404);
    }
}
