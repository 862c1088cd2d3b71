package dev.martlet.otp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    record Chat(int port, String name, Duration idle, long limit, Secret token) {
        static Chat of(Settings s) {
            return new Chat(
                    s.integer("chat.port", 1, 65_535),
                    s.string("chat.name"),
                    s.duration("chat.idle"),
                    s.bytes("chat.max-frame"),
                    s.secret("chat.token"));
        }
    }

    private static SettingsInvalid invalid(String hocon, Map<String, String> environment) {
        return catchThrowableOfType(SettingsInvalid.class, () -> Settings.parse(hocon, environment, Chat::of));
    }

    @Test
    void readsEveryKindAndTheEnvironmentWins() {
        var chat = Settings.parse(
                "chat { port = 4000, name = Ann's, idle = 90 s, max-frame = 64 KiB, token = file }",
                Map.of("CHAT_PORT", "4001", "CHAT_TOKEN", "t0p", "CHAT_MAX_FRAME", "1 MiB"),
                Chat::of);

        assertThat(chat).isEqualTo(new Chat(4001, "Ann's", Duration.ofSeconds(90), 1 << 20, new Secret("t0p")));
        assertThat(chat.toString()).contains("token=***").doesNotContain("t0p");
    }

    @Test
    void namesEveryMissingKeyWhatWasExpectedAndWhereItWasLookedFor() {
        assertThat(invalid("", Map.of()).problems())
                .hasSize(5)
                .first()
                .isEqualTo("chat.port is missing: expected a whole number from 1 to 65535;"
                        + " looked for in environment variable CHAT_PORT, the text given");
    }

    @Test
    void namesEveryWrongKeyAndWhereItCameFrom() {
        var problems = invalid(
                        "chat { port = 1.5, name = {}, idle = 10, max-frame = -1, token = [hush, hush] }",
                        Map.of("CHAT_PORT", "70000"))
                .problems();

        assertThat(problems).hasSize(5);
        assertThat(problems.get(0)).contains("chat.port is wrong", "70000", "environment variable CHAT_PORT");
        assertThat(problems.get(2)).contains("chat.idle is wrong", "with its unit", "got 10");
        assertThat(problems.get(4)).contains("chat.token is wrong").doesNotContain("hush");
    }

    @Test
    void neverShowsWhatMayBeASecret() {
        assertThat(invalid("chat.token = \"hush", Map.of())).hasNoCause().hasMessageNotContaining("hush");
        var stumbling = catchThrowableOfType(
                SettingsInvalid.class,
                () -> Settings.parse("chat.token = hush", Map.of(), s -> {
                    var token = s.secret("chat.token").value();
                    if (s.integer("chat.port") == 0) {
                        throw new IllegalArgumentException(token);
                    }
                    return token;
                }));
        assertThat(stumbling).hasNoCause().hasMessageContaining("chat.port").hasMessageNotContaining("hush");
    }

    @Test
    void anOptionalKeyMayBeMissingButNotWrong() {
        assertThat(Settings.<Integer>parse(
                        "", Map.of(), s -> s.optionalInteger("a.b").orElse(7)))
                .isEqualTo(7);
        assertThat(catchThrowableOfType(
                                SettingsInvalid.class,
                                () -> Settings.parse(
                                        "a.b = x",
                                        Map.of(),
                                        s -> List.of(s.optionalInteger("a.b"), s.optionalBytes("a.c"))))
                        .problems())
                .singleElement()
                .asString()
                .contains("a.b is wrong", "\"x\"");
    }
}
