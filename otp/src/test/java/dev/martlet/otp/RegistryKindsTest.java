package dev.martlet.otp;

import static dev.martlet.otp.Child.child;
import static dev.martlet.otp.Supervisor.Strategy.ONE_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Spawn;
import dev.martlet.otp.test.TestProc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Values, partitions, listeners, keys of many, process groups. */
class RegistryKindsTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final TestProc test = TestProc.open();

    @AfterEach
    void close() {
        test.close();
    }

    /** A process that does that and then lives until it is killed. */
    private Pid member(Runnable first) {
        var ready = new CountDownLatch(1);
        var pid = Node.current().spawn(Spawn.DEFAULT, () -> {
            first.run();
            ready.countDown();
            while (true) {
                Proc.send(test.pid(), Proc.receive(Object.class));
            }
        });
        test.await("the member", () -> ready.getCount() == 0);
        return pid;
    }

    private static void kill(Pid pid) {
        Proc.kill(pid);
        Proc.awaitExit(pid, SOON);
    }

    @Test
    void keysHaveValuesThatOnlyTheirOwnerChanges() {
        var rooms = Registry.<String, Object>unique("rooms").partitions(2);
        test.start(Supervisor.of(ONE_FOR_ONE, child(rooms)));
        var pid = member(() -> {
            rooms.register("lobby", 1);
            rooms.register("attic", 2);
            rooms.updateValue("lobby", v -> (Integer) v + 10);
        });
        assertThat(rooms.updateValue("lobby", _ -> 99)).isFalse();
        assertThat(rooms.entry("lobby")).contains(new Registry.Entry<>("lobby", pid, 11));
        assertThat(rooms.keys(pid)).containsExactlyInAnyOrder("lobby", "attic");
        assertThat(rooms.select(e -> e.value().equals(2)))
                .extracting(Registry.Entry::key)
                .containsExactly("attic");
        assertThat(rooms.register("lobby")).isFalse();
        kill(pid);
        assertThat(rooms.whereis("lobby")).isEmpty();
        assertThat(rooms.register("lobby", "mine")).isTrue();
        test.await("cleaning up", () -> rooms.size() == 1);
    }

    @Test
    void aRefByKeyReachesWhoHasItNow() {
        var rooms = Registry.<String, Counter.Msg>unique("rooms");
        test.start(Supervisor.of(ONE_FOR_ONE, child(rooms)));
        var ref = rooms.ref("a");
        assertThatThrownBy(() -> ref.call(new Counter.Msg.Get()))
                .isInstanceOf(CallFailed.Exited.class)
                .hasMessageContaining("noproc");
        rooms.getOrStart("a", _ -> new Counter(5));
        assertThat((long) ref.call(new Counter.Msg.Get())).isEqualTo(5);
        kill(rooms.whereis("a").orElseThrow());
        rooms.getOrStart("a", _ -> new Counter(6));
        assertThat((long) ref.call(new Counter.Msg.Get())).isEqualTo(6);
    }

    @Test
    void ofManyThatRegisterAtOnceOneGetsTheKey() {
        var locks = Registry.<Integer, Object>unique("locks");
        test.start(Supervisor.of(ONE_FOR_ONE, child(locks)));
        for (var round = 0; round < 50; round++) {
            var key = round;
            var winners = new AtomicInteger();
            var done = new CountDownLatch(20);
            var all = IntStream.range(0, 20)
                    .mapToObj(i -> Node.current().spawn(Spawn.DEFAULT, () -> {
                        if (locks.register(key)) {
                            winners.incrementAndGet();
                        }
                        done.countDown();
                        Proc.receive(Object.class);
                    }))
                    .toList();
            test.await("all to have tried", () -> done.getCount() == 0);
            assertThat(winners.get()).isEqualTo(1);
            all.forEach(Proc::kill);
        }
    }

    @Test
    void listenersHearOfRegistrations() {
        var rooms = Registry.<String, Object>unique("rooms");
        test.start(Supervisor.of(ONE_FOR_ONE, child(rooms)));
        rooms.listen(test.pid());
        var pid = member(() -> rooms.register("a", 1));
        assertThat(test.assertReceive(RegistryEvent.class))
                .isEqualTo(new RegistryEvent.Registered("rooms", "a", pid, 1));
        kill(pid);
        assertThat(test.assertReceive(RegistryEvent.class))
                .isEqualTo(new RegistryEvent.Unregistered("rooms", "a", pid));
    }

    @Test
    void aKeyOfManyIsDispatchedToAll() {
        var walls = Registry.<String, Object>duplicate("walls").partitions(2);
        test.start(Supervisor.of(ONE_FOR_ONE, child(walls)));
        var members = IntStream.range(0, 10)
                .mapToObj(i -> member(() -> walls.register("hall", i)))
                .toList();
        assertThat(walls.lookup("hall")).containsExactlyInAnyOrderElementsOf(members);
        assertThat(walls.dispatch("hall", "open")).isEqualTo(10);
        for (var i = 0; i < 10; i++) {
            assertThat(test.assertReceive(String.class)).isEqualTo("open");
        }
        kill(members.getFirst());
        assertThat(walls.dispatch("hall", "again")).isEqualTo(9);
        assertThat(walls.select(e -> (Integer) e.value() > 7)).hasSize(2);
        test.await("cleaning up", () -> walls.count("hall") == 9);
        assertThat(walls.dispatch("nobody", "here")).isZero();
    }

    @Test
    void groupsAreJoinedAndLeft() {
        var pools = ProcessGroups.<String>of("pools");
        test.start(Supervisor.of(ONE_FOR_ONE, child(pools)));
        var one = member(() -> {});
        var two = member(() -> {});
        assertThat(pools.monitor("encoders")).isEmpty();
        pools.join("encoders", one, two);
        pools.join("encoders", one);
        assertThat(pools.members("encoders")).containsExactlyInAnyOrder(one, one, two);
        assertThat(pools.groupsOf(one)).containsExactly("encoders");
        var joined = test.assertReceive(ProcessGroups.Joined.class);
        assertThat(joined.members()).containsExactlyInAnyOrder(one, two);
        assertThat(pools.leave("encoders", two)).isTrue();
        assertThat(pools.leave("encoders", two)).isFalse();
        assertThat(test.assertReceive(ProcessGroups.Left.class).members()).containsExactly(two);
        kill(one);
        assertThat(pools.members("encoders")).isEmpty();
        assertThat(test.assertReceive(ProcessGroups.Left.class).members()).containsExactly(one, one);
        test.await("the group to vanish", () -> pools.groups().isEmpty());
    }

    /** F19: register, unregister, crash from many at once; an owner whose Down has come is never returned. */
    @Test
    void theDeadAreNeverFound() {
        var rooms = Registry.<Integer, Object>unique("rooms");
        test.start(Supervisor.of(ONE_FOR_ONE, child(rooms)));
        var wrong = new ConcurrentLinkedQueue<String>();
        var watchers = new ArrayList<Pid>();
        for (var w = 0; w < 20; w++) {
            watchers.add(Node.current().spawn(Spawn.DEFAULT, () -> {
                for (var i = 0; i < 200; i++) {
                    var key = i % 7;
                    var pid = Node.current().spawn(Spawn.DEFAULT, () -> {
                        if (rooms.register(key) && key % 2 == 0) {
                            rooms.unregister(key);
                        }
                    });
                    Proc.monitor(pid);
                    Proc.receive(dev.martlet.kernel.Down.class);
                    rooms.whereis(key).filter(pid::equals).ifPresent(p -> wrong.add("found " + p));
                }
            }));
        }
        for (var watcher : watchers) {
            assertThat(Proc.awaitExit(watcher, Duration.ofSeconds(60))).isPresent();
        }
        assertThat(List.copyOf(wrong)).isEmpty();
    }
}
