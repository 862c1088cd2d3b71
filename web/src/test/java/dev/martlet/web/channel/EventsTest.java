package dev.martlet.web.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names and payloads of events: from the wire to records. */
class EventsTest {
    record Author(String name, int age) {}

    record Post(
            String body,
            int n,
            double x,
            boolean b,
            Author author,
            List<String> tags,
            Optional<String> note,
            @Nullable String hint) {}

    private static Payload payload(String json) {
        var bytes = json.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return new JsonPayload(bytes, 0, bytes.length);
    }

    private static final String GOOD =
            "{\"body\":\"b\",\"n\":1,\"x\":2,\"b\":true,\"author\":{\"name\":\"ann\",\"age\":7},\"tags\":[\"t\"],\"more\":0}";

    @ParameterizedTest
    @CsvSource({"NewMsg,new_msg", "Typing,typing", "A,a", "HTTPStatus,http_status", "Msg2All,msg2_all", "JoinV2,join_v2"
    })
    void aRecordsNameInSnakeCaseIsTheEvents(String record, String event) {
        assertThat(Events.snakeCase(record)).isEqualTo(event);
    }

    @Test
    void theEventsOfAChannelAreItsRecords() {
        assertThat(Events.of(AccountChannel.class).byName()).containsEntry("push_me", AccountChannel.In.PushMe.class);
        assertThat(Events.of(HereChannel.class).byName().keySet())
                .containsExactlyInAnyOrder("away", "untrack", "crash");
    }

    @Test
    void aPayloadThatFitsIsTheRecord() {
        assertThat(payload(GOOD).as(Post.class))
                .isEqualTo(new Post("b", 1, 2, true, new Author("ann", 7), List.of("t"), Optional.empty(), null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"body\":\"b\" | \"body\":5      | body       | expected is a string",
                "\"body\":\"b\" | \"body\":true   | body       | expected is a string",
                "\"body\":\"b\" | \"body\":[]     | body       | expected is a string",
                "\"body\":\"b\" | \"body\":null   | body       | is required, but null",
                "\"body\":\"b\" | \"other\":1     | body       | is required, but missing",
                "\"n\":1        | \"n\":\"1\"     | n          | expected is an integer",
                "\"n\":1        | \"n\":1.5       | n          | expected is an integer",
                "\"n\":1        | \"n\":99999999999 | n        | expected is an integer",
                "\"n\":1        | \"n\":null      | n          | is required, but null",
                "\"b\":true     | \"b\":1         | b          | expected is true or false",
                "\"age\":7      | \"age\":\"7\"   | author.age | expected is an integer",
                "\"age\":7      | \"old\":7       | author.age | is required, but missing",
                "[\"t\"]        | [\"t\",1]       | tags[1]    | expected is a string",
                "[\"t\"]        | \"t\"           | tags       | expected is a list",
            })
    void onThatDoesNotNamesTheField(String before, String after, String field, String problem) {
        var json = GOOD.replace(before, after);
        assertThat(json).isNotEqualTo(GOOD);
        assertThatThrownBy(() -> payload(json).as(Post.class)).isInstanceOfSatisfying(BadPayload.class, bad -> {
            assertThat(bad.field()).isEqualTo(field);
            assertThat(bad.problem()).isEqualTo(problem);
        });
    }

    @ParameterizedTest
    @CsvSource(value = {"5", "null", "'[]'", "'\"text\"'"})
    void somethingElseThanAnObjectIsRefused(String json) {
        assertThatThrownBy(() -> payload(json).as(Post.class))
                .isInstanceOfSatisfying(
                        BadPayload.class, bad -> assertThat(bad.field()).isEmpty());
    }

    @Test
    void onlyTheSliceIsRead() {
        var message = "[1,{\"a\":\"ü\"},2]".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        var slice = new JsonPayload(message, 3, message.length - 3);
        assertThat(slice.string("a")).isEqualTo("ü");
        assertThat(new String(dev.martlet.web.json.Json.bytes(slice), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("{\"a\":\"ü\"}");
    }
}
