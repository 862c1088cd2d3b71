package dev.martlet.web.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.web.Limits;
import dev.martlet.web.WebEvent;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol, message by message, over a real WebSocket: above all what the npm client never sends. */
@SuppressWarnings("NullAway.Init")
class WireTest {
    private static final String OK = "{\"status\":\"ok\",\"response\":{}}";
    private static TestEndpoint server;

    @BeforeAll
    static void start() {
        server = new TestEndpoint(Limits.DEFAULT);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Client joined(String topic) throws Exception {
        var client = Client.v2(server.port());
        client.send("[\"1\",\"1\",\"" + topic + "\",\"phx_join\",{}]");
        assertThat(client.next())
                .isEqualTo("[\"1\",\"1\",\"" + topic + "\",\"phx_reply\",{\"status\":\"ok\",\"response\":{\"topic\":\""
                        + topic + "\"}}]");
        assertThat(client.next()).isEqualTo("[\"1\",null,\"" + topic + "\",\"welcome\",{\"user\":\"ann\"}]");
        return client;
    }

    private static void heartbeat(Client client) throws Exception {
        client.send("[null,\"h\",\"phoenix\",\"heartbeat\",{}]");
        assertThat(client.next()).isEqualTo("[null,\"h\",\"phoenix\",\"phx_reply\"," + OK + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "",
                "{\"topic\":\"acc:1\"}",
                "[]",
                "[null,\"1\",\"phoenix\"]",
                "[null,\"1\",\"phoenix\",\"heartbeat\"]",
                "[null,\"1\",7,\"heartbeat\",{}]",
                "[null,{},\"phoenix\",\"heartbeat\",{}]",
                "[null,\"1\",\"phoenix\",\"heartbeat\",{}",
                "[null,\"1\",\"phoenix\",\"heartbeat\",tru]",
                "[null,\"1\",\"phoenix\",\"heartbeat\",{}]]",
            })
    void anInvalidFrameIsDroppedAndCountedAndTheSocketKept(String frame) throws Exception {
        var invalid = new LinkedBlockingQueue<WebEvent.InvalidFrame>();
        try (var _ = server.node.telemetry().attach(WebEvent.InvalidFrame.class, invalid::add);
                var client = Client.v2(server.port())) {
            client.send(frame);
            heartbeat(client);
            assertThat(invalid.poll(5, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void anInvalidBinaryFrameIsDroppedAsWell() throws Exception {
        try (var client = Client.v2(server.port())) {
            client.send(new byte[] {7});
            client.send(new byte[] {0, 9, 9, 9, 9, 1});
            client.send(new byte[0]);
            heartbeat(client);
        }
    }

    @Test
    void jsonNestedTooDeepIsDropped() throws Exception {
        try (var client = Client.v2(server.port())) {
            client.send("[null,\"1\",\"phoenix\",\"heartbeat\"," + "[".repeat(500) + "]".repeat(500) + "]");
            heartbeat(client);
        }
    }

    @Test
    void refsComeBackInTheTypeTheyWereSent() throws Exception {
        try (var client = Client.v2(server.port())) {
            client.send("[null,17,\"phoenix\",\"heartbeat\",{}]");
            assertThat(client.next()).isEqualTo("[null,17,\"phoenix\",\"phx_reply\"," + OK + "]");
            client.send("[null,\"\\u00fc\\\"\",\"phoenix\",\"heartbeat\",{}]");
            assertThat(client.next()).isEqualTo("[null,\"ü\\\"\",\"phoenix\",\"phx_reply\"," + OK + "]");
            client.send("[1,2,\"acc:1\",\"phx_join\",{}]");
            assertThat(client.next()).startsWith("[1,2,\"acc:1\",\"phx_reply\",{\"status\":\"ok\"");
            assertThat(client.next()).startsWith("[1,null,\"acc:1\",\"welcome\"");
            client.send("[\"1\",\"3\",\"acc:1\",\"count\",{}]"); // "1" is not 1: stale, silence
            client.send("[1,4,\"acc:1\",\"count\",{}]");
            assertThat(client.next()).startsWith("[1,4,\"acc:1\",\"phx_reply\"");
        }
    }

    @Test
    void aTopicNobodyServesAndOneNotJoinedAreAnsweredWithoutJoinRef() throws Exception {
        var unmatched = "{\"status\":\"error\",\"response\":{\"reason\":\"unmatched topic\"}}";
        try (var client = Client.v2(server.port())) {
            client.send("[\"1\",\"1\",\"nowhere\",\"phx_join\",{}]");
            assertThat(client.next()).isEqualTo("[null,\"1\",\"nowhere\",\"phx_reply\"," + unmatched + "]");
            client.send("[\"1\",\"2\",\"acc:1\",\"echo\",{}]");
            assertThat(client.next()).isEqualTo("[null,\"2\",\"acc:1\",\"phx_reply\"," + unmatched + "]");
            client.send("[\"1\",\"3\",\"acc:1\",\"phx_leave\",{}]");
            assertThat(client.next()).isEqualTo("[\"1\",\"3\",\"acc:1\",\"phx_reply\"," + OK + "]");
            heartbeat(client);
        }
    }

    @Test
    void leaveRepliesThenClosesThenTerminates() throws Exception {
        try (var client = joined("acc:1")) {
            client.send("[\"1\",\"2\",\"acc:1\",\"phx_leave\",{}]");
            assertThat(client.next()).isEqualTo("[\"1\",\"2\",\"acc:1\",\"phx_reply\"," + OK + "]");
            assertThat(client.next()).isEqualTo("[\"1\",\"1\",\"acc:1\",\"phx_close\",{}]");
            assertThat(client.next()).contains("\"bye\"").contains("left");
        }
    }

    @Test
    void aSecondJoinReplacesTheFirst() throws Exception {
        try (var client = joined("acc:1")) {
            client.send("[\"1\",\"2\",\"acc:1\",\"echo\",{\"text\":\"x\"}]");
            client.send("[\"9\",\"9\",\"acc:1\",\"phx_join\",{}]");
            assertThat(client.next()).startsWith("[\"1\",\"2\",\"acc:1\",\"phx_reply\"");
            assertThat(client.next()).contains("\"bye\"").contains("duplicate join"); // said before the new one began
            assertThat(client.next())
                    .isEqualTo("[\"9\",\"9\",\"acc:1\",\"phx_reply\",{\"status\":\"ok\",\"response\":"
                            + "{\"topic\":\"acc:1\"}}]");
            assertThat(client.next()).isEqualTo("[\"1\",\"1\",\"acc:1\",\"phx_close\",{}]");
            assertThat(client.next()).startsWith("[\"9\",null,\"acc:1\",\"welcome\"");
            client.send("[\"1\",\"10\",\"acc:1\",\"count\",{}]"); // stale: silence
            client.send("[\"9\",\"11\",\"acc:1\",\"count\",{}]");
            assertThat(client.next()).startsWith("[\"9\",\"11\",\"acc:1\"").contains("\"count\":0");
        }
    }

    @Test
    void leaveAndJoinBackToBackGiveANewChannel() throws Exception {
        try (var client = joined("acc:1")) {
            client.send("[\"1\",\"2\",\"acc:1\",\"phx_leave\",{}]");
            client.send("[\"3\",\"3\",\"acc:1\",\"phx_join\",{}]");
            assertThat(client.next()).startsWith("[\"1\",\"2\",\"acc:1\",\"phx_reply\"");
            assertThat(client.next()).isEqualTo("[\"1\",\"1\",\"acc:1\",\"phx_close\",{}]");
            assertThat(client.next()).contains("\"bye\"");
            assertThat(client.next()).startsWith("[\"3\",\"3\",\"acc:1\",\"phx_reply\"");
            assertThat(client.next()).startsWith("[\"3\",null,\"acc:1\",\"welcome\"");
        }
    }

    @Test
    void aCrashGetsNoReplyButAnErrorOfThatChannelOnly() throws Exception {
        try (var client = joined("acc:1")) {
            client.send("[\"1\",\"2\",\"acc:1\",\"crash\",{}]");
            assertThat(client.next()).isEqualTo("[\"1\",\"1\",\"acc:1\",\"phx_error\",{\"reason\":\"channel_crash\"}]");
            heartbeat(client);
            client.send("[\"1\",\"3\",\"acc:1\",\"count\",{}]");
            assertThat(client.next()).contains("unmatched topic");
        }
    }

    @Test
    void anOrderlyStopCloses() throws Exception {
        try (var client = joined("acc:1")) {
            client.send("[\"1\",\"2\",\"acc:1\",\"stop\",{}]");
            assertThat(client.next()).isEqualTo("[\"1\",\"1\",\"acc:1\",\"phx_close\",{}]");
        }
    }

    @Test
    void reservedNamesOfAClientAreOrdinaryEvents() throws Exception {
        try (var client = joined("acc:1")) {
            client.send("[\"1\",\"2\",\"acc:1\",\"phx_close\",{}]");
            assertThat(client.next()).contains("unknown event");
        }
    }

    @Test
    void binaryFramesAreByteForByteThoseOfThePhoenixServer() throws Exception {
        try (var client = joined("acc:b")) {
            client.send(HexFormat.of()
                    .parseHex("0001020508" + "31" + "3130" + "6163633a62" + "62696e5f70757368" + "010203"));
            // The event is "bin_push"; its push has three sizes and no ref, its reply is text.
            assertThat(client.next())
                    .isEqualTo("binary " + "0001050a" + "31" + "6163633a62" + "62696e5f707573686564" + "010203");
            assertThat(client.next()).isEqualTo("[\"1\",\"10\",\"acc:b\",\"phx_reply\"," + OK + "]");
            client.send(HexFormat.of()
                    .parseHex("0001010509" + "31" + "38" + "6163633a62" + "62696e5f73686f7574" + "010203"));
            assertThat(client.next())
                    .isEqualTo("binary " + "02050b" + "6163633a62" + "62696e5f73686f75746564" + "010203");
            assertThat(client.next()).startsWith("[\"1\",\"8\",\"acc:b\",\"phx_reply\"");
            client.send(HexFormat.of().parseHex("0001010503" + "31" + "39" + "6163633a62" + "616e79" + "010203"));
            assertThat(client.next())
                    .isEqualTo("binary " + "0101010502" + "31" + "39" + "6163633a62" + "6f6b" + "010203");
        }
    }

    @Test
    void aMessageMayComeInFragments() throws Exception {
        try (var client = Client.v2(server.port())) {
            client.fragment("[null,\"1\",\"phoe", false);
            client.fragment("nix\",\"heart", false);
            client.fragment("beat\",{}]", true);
            assertThat(client.next()).startsWith("[null,\"1\",\"phoenix\",\"phx_reply\"");
        }
    }

    @Test
    void aMessageBeyond64KbClosesWith1009() throws Exception {
        try (var client = Client.v2(server.port())) {
            client.send("[null,\"1\",\"phoenix\",\"heartbeat\",\"" + "x".repeat(65_000) + "\"]");
            assertThat(client.next()).contains("phx_reply");
            client.send("[null,\"1\",\"phoenix\",\"heartbeat\",\"" + "x".repeat(65_536) + "\"]");
            assertThat(client.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void soDoFragmentsThatAddUpToThat() throws Exception {
        try (var client = Client.v2(server.port())) {
            client.fragment("x".repeat(40_000), false);
            client.fragment("x".repeat(40_000), true);
            assertThat(client.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void aSilentSocketIsClosedButNotWith1000() throws Exception {
        try (var quick = new TestEndpoint(Limits.DEFAULT.idleTimeout(Duration.ofMillis(100)));
                var client = Client.v2(quick.port())) {
            assertThat(client.closeCode()).isEqualTo(1001);
        }
    }

    @Test
    void aClientThatDoesNotReadIsCutOff() throws Exception {
        var slow = new LinkedBlockingQueue<WebEvent.SlowClient>();
        try (var small = new TestEndpoint(Limits.DEFAULT.outboundBytes(64 * 1024));
                var _ = small.node.telemetry().attach(WebEvent.SlowClient.class, slow::add);
                var raw = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), small.port());
                var loud = Client.v2(small.port())) {
            raw.setReceiveBufferSize(4_096);
            raw.getOutputStream()
                    .write(String.join(
                                    "\r\n",
                                    "GET /socket/websocket?vsn=2.0.0 HTTP/1.1",
                                    "Host: a",
                                    "Upgrade: websocket",
                                    "Connection: Upgrade",
                                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                                    "Sec-WebSocket-Version: 13",
                                    "",
                                    "")
                            .getBytes(StandardCharsets.US_ASCII));
            raw.getOutputStream().write(masked("[\"1\",\"1\",\"acc:1\",\"phx_join\",{}]"));
            loud.send("[\"1\",\"1\",\"acc:1\",\"phx_join\",{}]");
            loud.next();
            loud.next();
            var body = "x".repeat(30_000);
            for (var i = 0; slow.isEmpty() && i < 2_000; i++) {
                loud.send("[\"1\",\"2\",\"acc:1\",\"shout\",{\"body\":\"" + body + "\"}]");
                assertThat(loud.next()).contains("shouted"); // the one that reads gets it all
                assertThat(loud.next()).contains("phx_reply");
            }
            assertThat(slow).hasSize(1);
            heartbeat(loud);
        }
    }

    /** A client's text frame, masked with zeros. */
    private static byte[] masked(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(6 + bytes.length)
                .put((byte) 0x81)
                .put((byte) (0x80 | bytes.length))
                .putInt(0)
                .put(bytes)
                .array();
    }

    @Test
    void textThatIsNoUtf8ClosesWith1007AndAnUnmaskedFrameWith1002() throws Exception {
        for (var frame : List.of("8182000000" + "00c328", "8102c3bc")) {
            try (var raw = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), server.port())) {
                raw.setSoTimeout(5_000);
                raw.getOutputStream()
                        .write(
                                ("GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection:"
                                                + " Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                                + "Sec-WebSocket-Version: 13\r\n\r\n")
                                        .getBytes(StandardCharsets.US_ASCII));
                raw.getOutputStream().write(HexFormat.of().parseHex(frame));
                var answer = HexFormat.of().formatHex(raw.getInputStream().readAllBytes());
                var code = frame.startsWith("8182") ? "03ef" : "03ea";
                assertThat(answer).contains("0d0a0d0a88").contains(code);
            }
        }
    }

    @Test
    void moreChannelsThanAllowedAreRefused() throws Exception {
        try (var small = new TestEndpoint(Limits.DEFAULT.channelsPerSocket(2));
                var client = Client.v2(small.port())) {
            for (var i = 1; i <= 2; i++) {
                client.send("[\"" + i + "\",\"" + i + "\",\"acc:" + i + "\",\"phx_join\",{}]");
                client.next();
                client.next();
            }
            client.send("[\"3\",\"3\",\"acc:3\",\"phx_join\",{}]");
            assertThat(client.next())
                    .isEqualTo("[\"3\",\"3\",\"acc:3\",\"phx_reply\",{\"status\":\"error\",\"response\":"
                            + "{\"reason\":\"too many channels joined\"}}]");
            client.send("[\"1\",\"4\",\"acc:1\",\"phx_leave\",{}]");
            client.next();
            assertThat(client.next()).contains("phx_close");
            client.next(); // bye
            client.send("[\"5\",\"5\",\"acc:3\",\"phx_join\",{}]");
            assertThat(client.next()).startsWith("[\"5\",\"5\",\"acc:3\",\"phx_reply\",{\"status\":\"ok\"");
        }
    }

    @Test
    void nothingIsLostWhenMoreComesThanMayWait() throws Exception {
        try (var small = new TestEndpoint(Limits.DEFAULT.inboundMessages(2));
                var client = Client.v2(small.port())) {
            client.send("[\"1\",\"1\",\"acc:1\",\"phx_join\",{}]");
            client.next();
            client.next();
            for (var i = 0; i < 2_000; i++) {
                client.send("[\"1\",\"" + i + "\",\"acc:1\",\"echo\",{\"text\":\"" + i + "\"}]");
            }
            for (var i = 0; i < 2_000; i++) {
                assertThat(client.next()).contains("\"text\":\"" + i + "\"");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vsn=2.1.0", "vsn=2.0", "vsn=abc", "vsn=", "vsn[]=2.0.0", "vsn=2.0.0&reject=1"})
    void whatIsNotAcceptedGets403(String query) {
        assertThatThrownBy(() -> new Client(server.port(), query))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(403));
    }

    @Test
    void version1SpeaksInObjects() throws Exception {
        try (var client = new Client(server.port(), "user=ann&")) {
            client.send("{\"topic\":\"acc:1\",\"event\":\"phx_join\",\"payload\":{},\"ref\":\"1\"}");
            assertThat(client.next())
                    .contains("\"event\":\"phx_reply\"")
                    .contains("\"ref\":\"1\"")
                    .contains("\"topic\":\"acc:1\"");
            assertThat(client.next()).contains("\"welcome\"").contains("\"ref\":null");
            client.send("{\"topic\":\"acc:1\",\"event\":\"crash\",\"payload\":{},\"ref\":\"2\"}");
            assertThat(client.next())
                    .isEqualTo(
                            "{\"topic\":\"acc:1\",\"event\":\"phx_error\",\"payload\":{\"reason\":\"channel_crash\"},"
                                    + "\"ref\":null}");
        }
    }

    @Test
    void stoppingTheEndpointClosesWith1012() throws Exception {
        try (var going = new TestEndpoint(Limits.DEFAULT);
                var client = Client.v2(going.port())) {
            client.send("[\"1\",\"1\",\"acc:1\",\"phx_join\",{}]");
            client.next();
            going.stopEndpoint();
            assertThat(client.closeCode()).isEqualTo(1012);
        }
    }
}
