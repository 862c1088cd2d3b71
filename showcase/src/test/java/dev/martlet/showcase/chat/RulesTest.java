package dev.martlet.showcase.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {
    @ParameterizedTest
    @ValueSource(strings = {"lobby", "a", "42", "room-1", "12345678901234567890123456789012"})
    void goodRooms(String room) {
        assertThat(Rules.problemWithRoom(room)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "Lobby", "a b", "a:b", "löbby", "a\n", "123456789012345678901234567890123"})
    void badRooms(String room) {
        assertThat(Rules.problemWithRoom(room)).get().asString().startsWith("a room name has 1 to 32 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ann", "Ben Okri", "李雷", "👩‍🚀 Zoë"})
    void goodNames(String name) {
        assertThat(Rules.problemWithName(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "a\nb", "evil\u202Eeman", "123456789012345678901234567890123"})
    void badNames(String name) {
        assertThat(Rules.problemWithName(name)).isPresent();
    }

    @Test
    void messagesHaveALength() {
        assertThat(Rules.problemWithMessage("x".repeat(Rules.BODY), "")).isEmpty();
        assertThat(Rules.problemWithMessage("x".repeat(Rules.BODY + 1), ""))
                .contains("a message has 1 to 2,000 characters; got 2,001");
        assertThat(Rules.problemWithMessage(" \n", ""))
                .contains("a message has 1 to 2,000 characters; got a blank one");
        assertThat(Rules.problemWithMessage("x", "k".repeat(Rules.KEY + 1))).isPresent();
    }
}
