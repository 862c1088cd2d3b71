package dev.martlet.kernel;

import static dev.martlet.kernel.Proc.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Aliases against the rules of Erlang's. */
class AliasTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Node node;
    private Node.Attached self;

    @BeforeEach
    void start() {
        node = Node.start(Node.Config.DEFAULT.name("alias"));
        self = node.attach(Spawn.DEFAULT.label("test"));
    }

    @AfterEach
    void stop() {
        self.close();
        node.close();
    }

    private static boolean nothingWaits() {
        return receive(Duration.ZERO, m -> m).isEmpty();
    }

    @Test
    void anAliasReachesItsOwnerUntilItIsSwitchedOff() {
        var alias = alias();
        assertThat(alias.pid()).isEqualTo(self());
        assertThat(alias.isActive()).isTrue();
        send(alias, 1);
        send(alias, 2);
        assertThat(receive(Integer.class)).isEqualTo(1);
        assertThat(receive(Integer.class)).isEqualTo(2);

        assertThat(unalias(alias)).isTrue();
        assertThat(unalias(alias)).isFalse();
        assertThat(alias.isActive()).isFalse();
        send(alias, 3);
        assertThat(nothingWaits()).isTrue();
        assertThat(node.counts().toInactiveAlias()).isEqualTo(1);
    }

    @Test
    void whatWasInTheMailboxBeforeStaysThere() {
        var alias = alias();
        send(alias, "early");
        unalias(alias);
        assertThat(receive(String.class)).isEqualTo("early");
        assertThat(node.counts().toInactiveAlias()).isZero();
    }

    @Test
    void aReplyAliasIsGoodForOneMessage() {
        var alias = replyAlias();
        send(alias, "first");
        assertThat(alias.isActive()).isFalse();
        send(alias, "second");
        assertThat(receive(String.class)).isEqualTo("first");
        assertThat(nothingWaits()).isTrue();
        assertThat(node.counts().toInactiveAlias()).isEqualTo(1);
    }

    private record Aliases(Alias once, Alias ordinary) {}

    @Test
    void aReplyIsAdmittedToAFullMailboxAndThroughAnotherAliasNothingIs() {
        var me = self();
        var full = node.spawn(Spawn.DEFAULT.mailbox(1, Overflow.REJECT), () -> {
            send(me, new Aliases(replyAlias(), alias()));
            receive(m -> "done".equals(m) ? m : null);
        });
        var aliases = receive(Aliases.class);
        send(full, "fills it");
        send(aliases.ordinary, "refused");
        assertThat(node.counts().overflowed()).isEqualTo(1);
        send(aliases.once, "done");
        assertThat(awaitExit(full, PATIENCE)).contains(ExitReason.NORMAL);
    }

    @Test
    void ofManyRacingSendersExactlyOneGetsThroughAReplyAlias() {
        for (var round = 0; round < 200; round++) {
            var alias = replyAlias();
            var senders = new ArrayList<Pid>();
            for (var i = 0; i < 8; i++) {
                var number = i;
                senders.add(spawn(() -> send(alias, number)));
            }
            senders.forEach(pid -> awaitExit(pid, PATIENCE));
            receive(Integer.class);
            assertThat(nothingWaits()).isTrue();
        }
        assertThat(node.counts().toInactiveAlias()).isEqualTo(200 * 7);
    }

    @Test
    void nothingComesInAfterUnaliasHasReturned() {
        var alias = new Alias[1];
        for (var round = 0; round < 200; round++) {
            alias[0] = alias();
            var sent = new AtomicInteger();
            var sender = spawn(() -> {
                var to = alias[0];
                while (to.isActive()) {
                    send(to, sent.incrementAndGet());
                }
            });
            receive(Integer.class);
            unalias(alias[0]);
            while (receive(Duration.ZERO, m -> m).isPresent()) {
                // what had come in before
            }
            awaitExit(sender, PATIENCE);
            assertThat(nothingWaits()).isTrue();
        }
    }

    @Test
    void ordersOfOneSenderHoldAcrossPidAndAlias() {
        var alias = alias();
        var me = self();
        spawn(() -> {
            for (var i = 0; i < 1_000; i += 2) {
                send(me, i);
                send(alias, i + 1);
            }
        });
        for (var i = 0; i < 1_000; i++) {
            assertThat(receive(Integer.class)).isEqualTo(i);
        }
    }

    @Test
    void onlyTheOwnerSwitchesItOffAndItsEndIsTheAliassEnd() {
        var owner = spawn(() -> {
            send(receive(Pid.class), alias());
            receive(m -> null);
        });
        send(owner, self());
        var alias = receive(Alias.class);
        assertThatThrownBy(() -> unalias(alias))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(owner.toString());
        kill(owner);
        assertThat(alias.isActive()).isFalse();
        send(alias, "to the dead");
        assertThat(node.counts().toDead()).isEqualTo(1);
    }
}
