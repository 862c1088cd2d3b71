package dev.martlet.web.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.martlet.kernel.Spawn;
import dev.martlet.otp.test.TestProc;
import dev.martlet.pubsub.PubSub;
import dev.martlet.web.test.ChannelTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PresenceTest {
    private static final AccountChannel.User ANN = new AccountChannel.User("ann");
    private static final AccountChannel.User BOB = new AccountChannel.User("bob");

    private static PubSub pubsub() throws Exception {
        var pubsub = PubSub.named("presence");
        pubsub.child().start().start(Spawn.DEFAULT);
        return pubsub;
    }

    private static Presence<HereChannel.Meta> presence(PubSub pubsub) throws Exception {
        var presence = Presence.over(pubsub, HereChannel.Meta.class);
        presence.child().start().start(Spawn.DEFAULT);
        return presence;
    }

    @Test
    void whoJoinsIsListedAndWhoLeavesIsNot() throws Exception {
        try (var test = TestProc.open()) {
            var pubsub = pubsub();
            var presence = presence(pubsub);
            var channel = new HereChannel(presence);
            ChannelTest.join(pubsub, channel, "here:1", ANN, Map.of());
            var bob = ChannelTest.join(pubsub, channel, "here:1", BOB, Map.of());
            var tab = ChannelTest.join(pubsub, channel, "here:1", BOB, Map.of());
            ChannelTest.join(pubsub, channel, "here:2", BOB, Map.of());

            assertThat(presence.list("here:1").asMap())
                    .isEqualTo(Map.of(
                            "ann", List.of(new HereChannel.Meta("on")),
                            "bob", List.of(new HereChannel.Meta("on"), new HereChannel.Meta("on"))));

            bob.push("away", Map.of()).assertOk();
            assertThat(presence.list("here:1").metas("bob"))
                    .containsExactly(new HereChannel.Meta("away"), new HereChannel.Meta("on"));

            tab.close();
            test.await(
                    "the closed tab to go",
                    () -> presence.list("here:1").metas("bob").size() == 1);
            bob.push("crash", Map.of());
            test.await("bob to go", () -> presence.list("here:1").keys().equals(java.util.Set.of("ann")));
            assertThat(presence.list("here:2").keys()).containsExactly("bob");
        }
    }

    @Test
    void anUpdateIsOneDiffThatNamesTheEntryItReplaces() throws Exception {
        try (var _ = TestProc.open()) {
            var pubsub = pubsub();
            var bob = ChannelTest.join(pubsub, new HereChannel(presence(pubsub)), "here:1", BOB, Map.of());
            var first = meta(bob.assertBroadcast("presence_diff"), "joins");
            bob.push("away", Map.of()).assertOk();
            var diff = bob.assertBroadcast("presence_diff");
            assertThat(meta(diff, "leaves")).isEqualTo(first);
            assertThat(meta(diff, "joins"))
                    .containsEntry("status", "away")
                    .containsEntry("phx_ref_prev", first.get("phx_ref"));
            assertThat(meta(diff, "joins").get("phx_ref")).isNotEqualTo(first.get("phx_ref"));
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> meta(Map<String, ?> diff, String side) {
        var entry = (Map<String, Object>)
                ((Map<String, Object>) java.util.Objects.requireNonNull(diff.get(side))).get("bob");
        return ((List<Map<String, Object>>) java.util.Objects.requireNonNull(
                        java.util.Objects.requireNonNull(entry).get("metas")))
                .getFirst();
    }

    @Test
    void anotherPubSubIsAMistakeThatIsExplained() throws Exception {
        try (var test = TestProc.open()) {
            var channel = new HereChannel(presence(pubsub()));
            assertThat(ChannelTest.joinRefused(test, channel, "here:1", ANN, Map.of())
                            .get("reason"))
                    .isEqualTo("join crashed");
        }
    }

    @Test
    void updatingWhatIsNotTrackedIsRefused() throws Exception {
        try (var _ = TestProc.open()) {
            var pubsub = pubsub();
            var bob = ChannelTest.join(pubsub, new HereChannel(presence(pubsub)), "here:1", BOB, Map.of());
            bob.push("untrack", Map.of()).assertOk();
            bob.push("away", Map.of());
            bob.assertCrashed();
        }
    }
}
