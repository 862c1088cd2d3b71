package dev.martlet.web.channel;

import static dev.martlet.otp.Child.child;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.otp.Supervisor;
import dev.martlet.otp.test.TestProc;
import dev.martlet.web.Endpoint;
import dev.martlet.web.Limits;
import dev.martlet.web.Response;
import dev.martlet.web.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plain HTTP side of an endpoint, and its handshakes. */
@SuppressWarnings("NullAway.Init")
class HttpTest {
    private static TestEndpoint server;

    @BeforeAll
    static void start() {
        server = new TestEndpoint(Limits.DEFAULT.requestTimeout(Duration.ofMillis(500)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Client.HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** What the server answers to exactly these lines, until it closes. */
    private static String raw(String... lines) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(String.join("\r\n", lines).getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String handshake(String... changed) throws IOException {
        var lines = new java.util.ArrayList<>(java.util.List.of(
                "GET /socket/websocket?vsn=2.0.0 HTTP/1.1",
                "Host: 127.0.0.1",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13"));
        for (var change : changed) {
            var name = change.substring(0, change.indexOf(':') + 1);
            if (!change.startsWith("+")) {
                lines.removeIf(line -> line.startsWith(name));
            }
            lines.add(change.startsWith("+") ? change.substring(1) : change);
        }
        lines.add("Connection: close");
        lines.add("");
        lines.add("");
        return raw(lines.toArray(new String[0]));
    }

    @Test
    void aPageAnswers() throws Exception {
        var response = get("/health");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"status\":\"ok\"}");
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(response.headers().firstValue("date")).isPresent();
    }

    @Test
    void aPageThatThrowsIs500AndTheNextRequestIsServed() throws Exception {
        assertThat(get("/broken").statusCode()).isEqualTo(500);
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(get("/nothing/here").statusCode()).isEqualTo(404);
    }

    @Test
    void filesHaveATypeAndAnETag() throws Exception {
        var page = get("/pages/");
        assertThat(page.body()).contains("<title>pages</title>");
        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        var script = get("/pages/app.js");
        assertThat(script.headers().firstValue("content-type")).hasValue("text/javascript; charset=utf-8");
        var etag = script.headers().firstValue("etag").orElseThrow();
        var again = get("/pages/app.js", "If-None-Match", etag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(get("/pages/app.js", "If-None-Match", "\"other\"").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/pages/../outside.txt",
                "/pages/%2e%2e/outside.txt",
                "/pages/..%2foutside.txt",
                "/pages/x/..\\..\\outside.txt",
                "/pages//outside.txt",
                "/pages/./index.html",
                "/pages/%00",
                "/pages/../dev/martlet/web/Endpoint.class",
                "/outside.txt",
            })
    void nothingOutsideTheFolderIsServed(String path) throws Exception {
        assertThat(raw("GET " + path + " HTTP/1.1", "Host: a", "Connection: close", "", ""))
                .startsWith("HTTP/1.1 404");
    }

    @Test
    void headHasNoBodyAndOtherMethodsAreNotAllowed() throws Exception {
        assertThat(raw("HEAD /health HTTP/1.1", "Host: a", "Connection: close", "", ""))
                .startsWith("HTTP/1.1 200")
                .contains("content-length: 15")
                .endsWith("\r\n\r\n");
        assertThat(raw("DELETE /health HTTP/1.1", "Host: a", "Connection: close", "", ""))
                .startsWith("HTTP/1.1 405")
                .contains("allow: GET, HEAD");
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        var answer = raw(
                "GET /health HTTP/1.1",
                "Host: a",
                "",
                "GET /nothing HTTP/1.1",
                "Host: a",
                "",
                "GET /pages/ HTTP/1.1",
                "Host: a",
                "Connection: close",
                "",
                "");
        assertThat(answer.split("HTTP/1.1 ")).hasSize(4);
        assertThat(answer.indexOf("200")).isLessThan(answer.indexOf("404"));
        assertThat(answer.indexOf("404")).isLessThan(answer.indexOf("pages"));
    }

    @Test
    void whatIsTooLongIsRefused() throws Exception {
        assertThat(raw("GET /" + "x".repeat(10_000) + " HTTP/1.1", "Host: a", "", ""))
                .startsWith("HTTP/1.1 414");
        assertThat(raw("GET /health HTTP/1.1", "Host: a", "X-Long: " + "x".repeat(20_000), "", ""))
                .startsWith("HTTP/1.1 431");
        assertThat(raw("no http at all", "", "")).startsWith("HTTP/1.1 400");
        assertThat(raw("GET /health HTTP/1.1", "", "")).startsWith("HTTP/1.1 400");
        assertThat(raw("GET /health HTTP/1.1", "Host: a", "Host: b", "", "")).startsWith("HTTP/1.1 400");
    }

    @Test
    void aClientThatSendsNothingIsLetGo() throws Exception {
        assertThat(raw("GET /health HTTP/1.1", "Host:")).isEmpty();
    }

    @Test
    void aHandshakeIsCheckedLineByLine() throws Exception {
        assertThat(handshake("Upgrade: h2c")).startsWith("HTTP/1.1 400");
        assertThat(handshake("Sec-WebSocket-Key: c2hvcnQ=")).startsWith("HTTP/1.1 400");
        assertThat(handshake("Sec-WebSocket-Key: ???")).startsWith("HTTP/1.1 400");
        assertThat(handshake("+Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")).startsWith("HTTP/1.1 400");
        assertThat(handshake("+Origin: http://127.0.0.1", "+Origin: http://127.0.0.1"))
                .startsWith("HTTP/1.1 400");
        assertThat(handshake("Sec-WebSocket-Version: 8"))
                .startsWith("HTTP/1.1 426")
                .contains("sec-websocket-version: 13");
        assertThat(handshake("Origin: https://evil.tld")).startsWith("HTTP/1.1 403");
        assertThat(handshake("Origin: null")).startsWith("HTTP/1.1 403");
        assertThat(raw("POST /socket/websocket HTTP/1.1", "Host: a", "Connection: close", "", ""))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void thePageOfTheSameHostMayConnect() throws Exception {
        try (var client = new Client(server.port(), "vsn=2.0.0", "Origin", "http://127.0.0.1:9")) {
            client.send("[null,\"1\",\"phoenix\",\"heartbeat\",{}]");
            assertThat(client.next()).contains("phx_reply");
        }
    }

    @Test
    void aPortInUseFailsTheStartAndIsNamed() throws Exception {
        try (var test = TestProc.open();
                var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var tree = Supervisor.of(Supervisor.Strategy.ONE_FOR_ONE, child(Endpoint.http(taken.getLocalPort())));
            assertThatThrownBy(() -> test.start(tree))
                    .hasMessageContaining("port " + taken.getLocalPort() + " is in use");
        }
    }

    @Test
    void anEndpointThatWasKilledComesBackOnItsPort() throws Exception {
        try (var test = TestProc.open()) {
            int port;
            try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            var endpoint = Endpoint.http(port, Route.get("/health", _ -> Response.text("ok")));
            var pids = new java.util.ArrayList<dev.martlet.kernel.Pid>();
            var watched = child(endpoint);
            test.start(Supervisor.of(Supervisor.Strategy.ONE_FOR_ONE, dev.martlet.otp.Child.of("web", spawn -> {
                var pid = watched.start().start(spawn);
                pids.add(pid);
                return pid;
            })));
            dev.martlet.kernel.Proc.kill(pids.getFirst());
            test.await("the endpoint to be restarted", () -> pids.size() == 2);
            assertThat(endpoint.port()).isEqualTo(port);
            var response = Client.HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.body()).isEqualTo("ok");
        }
    }

    @Test
    void twoRoutesWithOnePathAreAMistake() {
        var route = Route.get("/a", _ -> Response.text("ok"));
        assertThatThrownBy(() -> Endpoint.http(0, route, route))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/a");
    }
}
