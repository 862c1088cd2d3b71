package dev.martlet.otp;

import static dev.martlet.otp.Child.child;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.otp.test.TestProc;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private final TestProc test = TestProc.open();
    private final Registry<String, Counter.Msg> counters = Registry.unique("counters");

    @AfterEach
    void close() {
        test.close();
    }

    private SupervisorRef start() {
        return test.start(Supervisor.of(Supervisor.Strategy.ONE_FOR_ONE, child(counters)));
    }

    @Test
    void theFirstWhoAsksStartsTheServerForAll() {
        start();
        var started = new AtomicInteger();
        var me = test.pid();
        for (var i = 0; i < 100; i++) {
            Proc.spawn(() -> {
                var ref = counters.getOrStart("a", key -> {
                    started.incrementAndGet();
                    return new Counter(0);
                });
                ref.cast(new Counter.Msg.Add(1));
                Proc.send(me, ref);
            });
        }
        for (var i = 0; i < 100; i++) {
            test.assertReceive(Ref.class);
        }
        assertThat(started).hasValue(1);
        long n = counters.lookup("a").orElseThrow().call(new Counter.Msg.Get());
        assertThat(n).isEqualTo(100);
    }

    @Test
    void theDeadAreNeverReturnedAndTheirKeyIsFree() {
        start();
        var first = counters.getOrStart("a", key -> new Counter(0));
        test.crash(first);
        assertThat(counters.whereis("a")).isEmpty();
        var second = counters.getOrStart("a", key -> new Counter(5));
        assertThat(second).isNotEqualTo(first);
        test.crash(second);
        test.await("the key to be forgotten", () -> counters.size() == 0);
    }

    @Test
    void aProcessRegistersItself() {
        start();
        assertThat(counters.register("me")).isTrue();
        assertThat(counters.whereis("me")).contains(test.pid());
        var other = Proc.spawn(() -> {
            Proc.send(Proc.receive(Pid.class), counters.register("me"));
            Proc.receive(m -> null);
        });
        Proc.send(other, test.pid());
        assertThat(test.assertReceive(Boolean.class)).isFalse();
        counters.unregister("me");
        assertThat(counters.whereis("me")).isEmpty();
    }

    @Test
    void aFailingStartIsToldAndLeavesNothing() {
        start();
        assertThatThrownBy(() -> counters.getOrStart("x", key -> new Failing()))
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining("counters[x]")
                .hasMessageContaining("no such room");
        test.await("the key to be free", () -> counters.size() == 0);
    }

    record Failing() implements GenServer<Counter.Msg, Long> {
        @Override
        public Long init(Ref<Counter.Msg> self) {
            throw new IllegalStateException("no such room");
        }

        @Override
        public Next<Long> handle(Counter.Msg message, Long state) {
            return next(state);
        }
    }

    @Test
    void itsServersStopWithIt() {
        var tree = start();
        var ref = counters.getOrStart("a", key -> new Counter(0));
        tree.close();
        assertThat(ref.pid().orElseThrow().isAlive()).isFalse();
        assertThatThrownBy(() -> counters.getOrStart("b", key -> new Counter(0)))
                .hasMessageContaining("the registry counters is not running");
    }
}
