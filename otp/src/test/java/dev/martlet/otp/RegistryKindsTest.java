package dev.martlet.otp;

import static dev.martlet.otp.Child.child;
import static dev.martlet.otp.Supervisor.Strategy.ONE_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.martlet.kernel.CallFailed;
import dev.martlet.kernel.Down;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Spawn;
import dev.martlet.otp.RegistryEvent.Registered;
import dev.martlet.otp.RegistryEvent.Unregistered;
import dev.martlet.otp.test.TestProc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values, listeners, partitions, refs by key, duplicate keys. */
class RegistryKindsTest {
    private final TestProc test = TestProc.open();

    @AfterEach
    void close() {
        test.close();
    }

    private SupervisorRef start(Supervised registry) {
        return test.start(Supervisor.of(ONE_FOR_ONE, child(registry)));
    }

    /** A process that runs that first and then stays until it is told a word. */
    private static Pid after(Runnable first) {
        var done = new CountDownLatch(1);
        var pid = Proc.spawn(() -> {
            first.run();
            done.countDown();
            Proc.receive(String.class);
        });
        try {
            done.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return pid;
    }

    @Test
    void aKeyHasAValueThatItsOwnerMayReplace() {
        Registry<String, Counter.Msg> rooms = Registry.unique("rooms");
        start(rooms);
        assertThat(rooms.register("lobby", 1)).isTrue();
        assertThat(rooms.updateValue("lobby", v -> (int) v + 1)).isTrue();
        assertThat(rooms.entry("lobby")).contains(new Registry.Entry<>("lobby", test.pid(), 2));
        assertThat(rooms.register("lobby", 9)).as("its own already").isTrue();
        assertThat(rooms.entry("lobby").orElseThrow().value()).isEqualTo(2);
        after(() -> assertThat(rooms.updateValue("lobby", _ -> 7)).isFalse());
        assertThat(rooms.entry("lobby").orElseThrow().value()).isEqualTo(2);
        assertThat(rooms.updateValue("nowhere", v -> v)).isFalse();

        rooms.register("vault", 5);
        rooms.register("attic");
        assertThat(rooms.select(e -> e.value() instanceof Integer n && n > 1))
                .extracting(Registry.Entry::key)
                .containsExactlyInAnyOrder("lobby", "vault");
        assertThat(rooms.keys(test.pid())).containsExactlyInAnyOrder("lobby", "vault", "attic");
        rooms.unregister("lobby");
        assertThat(rooms.keys(test.pid())).containsExactlyInAnyOrder("vault", "attic");
        assertThat(rooms.entry("lobby")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void theKeysOfTheDeadAreFreed(int partitions) {
        var rooms = Registry.<Integer, Counter.Msg>unique("rooms").partitions(partitions);
        start(rooms);
        var pids = IntStream.range(0, 40)
                .mapToObj(i -> after(() -> {
                    for (var key = 0; key <= i % 3; key++) {
                        assertThat(rooms.register(i * 10 + key)).isTrue();
                    }
                }))
                .toList();
        assertThat(rooms.size()).isEqualTo(79);
        pids.forEach(Proc::kill);
        assertThat(rooms.select(_ -> true)).isEmpty();
        assertThat(rooms.keys(pids.getFirst())).isEmpty();
        test.await("all keys to be free", () -> rooms.size() == 0);
    }

    @Test
    void listenersHearOfEachChangeOfAKeyInOrder() {
        Registry<String, Counter.Msg> rooms = Registry.unique("rooms");
        start(rooms);
        rooms.listen(test.pid());
        var pid = after(() -> rooms.register("a", 1));
        assertThat(test.assertReceive(RegistryEvent.class)).isEqualTo(new Registered("rooms", "a", pid, 1));
        Proc.kill(pid);
        rooms.register("a"); // perhaps before the registry has cleaned up
        assertThat(test.assertReceive(RegistryEvent.class)).isEqualTo(new Unregistered("rooms", "a", pid));
        assertThat(test.assertReceive(RegistryEvent.class)).isEqualTo(new Registered("rooms", "a", test.pid(), true));
        rooms.unregister("a");
        rooms.unregister("a");
        assertThat(test.assertReceive(RegistryEvent.class)).isEqualTo(new Unregistered("rooms", "a", test.pid()));
        test.refuteReceive(RegistryEvent.class);
    }

    @Test
    void aRefByKeyOutlivesRestarts() {
        Registry<String, Counter.Msg> rooms = Registry.unique("rooms");
        record Room(Registry<String, Counter.Msg> rooms) implements GenServer<Counter.Msg, Long> {
            @Override
            public Long init(Ref<Counter.Msg> self) {
                rooms.register("lobby");
                return 0L;
            }

            @Override
            public Next<Long> handle(Counter.Msg message, Long state) {
                return new Counter(0).handle(message, state);
            }
        }
        test.start(Supervisor.of(ONE_FOR_ONE, child(rooms), child(new Room(rooms))));
        var lobby = rooms.ref("lobby");
        lobby.cast(new Counter.Msg.Add(5));
        long n = lobby.call(new Counter.Msg.Get());
        assertThat(n).isEqualTo(5);
        var before = lobby.pid().orElseThrow();
        test.crash(lobby);
        test.awaitRestart(lobby);
        assertThat(lobby.pid()).isPresent().isNotEqualTo(java.util.Optional.of(before));
        long fresh = lobby.call(new Counter.Msg.Get());
        assertThat(fresh).isZero();

        var nobody = rooms.ref("nobody");
        nobody.cast(new Counter.Msg.Add(1));
        assertThatThrownBy(() -> nobody.call(new Counter.Msg.Get()))
                .isInstanceOf(CallFailed.Exited.class)
                .hasMessageContaining("registry rooms[nobody]");
        assertThat(nobody).isEqualTo(rooms.ref("nobody"));
    }

    @Test
    void aRegistryThatCrashesKeepsItsKeysAndStillFreesThem() {
        Registry<String, Counter.Msg> rooms = Registry.unique("rooms");
        var tree = start(rooms);
        var pid = after(() -> rooms.register("a"));
        var first = tree.children().getFirst().pid().orElseThrow();
        Proc.kill(first);
        test.await(
                "the restart",
                () -> tree.children().getFirst().pid().filter(p -> p != first).isPresent());
        assertThat(rooms.whereis("a")).contains(pid);
        Proc.kill(pid);
        test.await("the key to be free", () -> rooms.size() == 0);
    }

    @Test
    void aFunctionThatThrowsHarmsOnlyWhoGaveIt() {
        Registry<String, Counter.Msg> rooms = Registry.unique("rooms");
        var tree = start(rooms);
        var process = tree.children().getFirst().pid();
        assertThatThrownBy(() -> rooms.getOrStart("a", _ -> {
                    throw new IllegalArgumentException("no such room");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such room");
        assertThat(tree.children().getFirst().pid()).isEqualTo(process);
    }

    @Test
    void whatItStartsHasALimit() {
        var rooms = Registry.<String, Counter.Msg>unique("rooms").maxStarted(2);
        start(rooms);
        var a = rooms.getOrStart("a", _ -> new Counter(0));
        rooms.getOrStart("b", _ -> new Counter(0));
        assertThatThrownBy(() -> rooms.getOrStart("c", _ -> new Counter(0)))
                .hasMessageContaining("the registry rooms has started 2 servers, as many as it may");
        assertThat(rooms.getOrStart("b", _ -> new Counter(0)))
                .isEqualTo(rooms.lookup("b").orElseThrow());
        Proc.kill(a.pid().orElseThrow());
        test.await("room for another", () -> {
            try {
                return rooms.getOrStart("c", _ -> new Counter(0)).pid().isPresent();
            } catch (IllegalStateException e) {
                return false;
            }
        });
    }

    /** A hundred threads fight for ten keys; each key has one living owner at a time, and none once its Down was seen. */
    @Test
    void racesHaveOneWinner_F19() throws InterruptedException {
        Registry<Integer, Counter.Msg> rooms = Registry.unique("rooms");
        start(rooms);
        var owners = new AtomicInteger[10];
        for (var key = 0; key < owners.length; key++) {
            owners[key] = new AtomicInteger();
        }
        var broken = new AtomicInteger();
        var fighters = new ArrayList<Pid>();
        for (var f = 0; f < 100; f++) {
            var seed = f;
            fighters.add(Proc.spawn(() -> {
                for (var round = 0; round < 200; round++) {
                    var key = (seed + round * 7) % owners.length;
                    var crash = (seed + round) % 5 == 0;
                    if (crash) {
                        var rival = Proc.spawn(() -> {
                            if (rooms.register(key) && owners[key].incrementAndGet() != 1) {
                                broken.incrementAndGet();
                            }
                            if (rooms.whereis(key).filter(p -> p == Proc.self()).isPresent()) {
                                owners[key].decrementAndGet();
                            }
                        });
                        var monitor = Proc.monitor(rival);
                        Proc.receive(m -> m instanceof Down d && d.monitor() == monitor ? d : null);
                        if (rooms.whereis(key).filter(p -> p == rival).isPresent()) {
                            broken.incrementAndGet();
                        }
                    } else if (rooms.whereis(key).filter(p -> p == Proc.self()).isEmpty() && rooms.register(key)) {
                        if (owners[key].incrementAndGet() != 1) {
                            broken.incrementAndGet();
                        }
                        owners[key].decrementAndGet();
                        rooms.unregister(key);
                    }
                }
            }));
        }
        for (var fighter : fighters) {
            test.await("the fighter", () -> !fighter.isAlive());
        }
        assertThat(broken).hasValue(0);
        test.await("all keys to be free", () -> rooms.size() == 0);
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

    // ---- duplicate keys --------------------------------------------------------------------------------------

    @Test
    void aKeyOfManyIsDispatchedToAllOfThem() {
        DuplicateRegistry<String, String> walls = Registry.duplicate("walls");
        start(walls);
        walls.listen(test.pid());
        var me = test.pid();
        var pids = new HashSet<Pid>();
        for (var i = 0; i < 20; i++) {
            var floor = i;
            pids.add(Proc.spawn(() -> {
                walls.register("hall", floor);
                Proc.send(me, Proc.receive(String.class) + floor);
                Proc.receive(m -> null);
            }));
            test.assertReceive(Registered.class);
        }
        assertThat(walls.lookup("hall")).containsExactlyInAnyOrderElementsOf(pids);
        assertThat(walls.count("hall")).isEqualTo(20);
        assertThat(walls.dispatch("hall", "open")).isEqualTo(20);
        var heard = new HashSet<String>();
        for (var i = 0; i < 20; i++) {
            heard.add(test.assertReceive(String.class));
        }
        assertThat(heard).hasSize(20).contains("open0", "open19");
        assertThat(walls.select(e -> (int) e.value() > 17)).hasSize(2);
        assertThat(walls.dispatch("nowhere", "x")).isZero();

        pids.forEach(Proc::kill);
        assertThat(walls.lookup("hall")).isEmpty();
        assertThat(walls.dispatch("hall", "x")).isZero();
        test.await("the key to be free", () -> walls.size() == 0);
        for (var i = 0; i < 20; i++) {
            test.assertReceive(Unregistered.class);
        }
    }

    @Test
    void aProcessHasAKeyOnceAndMayGiveItUp() {
        var walls = Registry.<String, String>duplicate("walls").partitions(2);
        start(walls);
        assertThat(walls.register("a", 1)).isTrue();
        assertThat(walls.register("a", 2)).isFalse();
        assertThat(walls.updateValue("a", v -> (int) v + 10)).isTrue();
        assertThat(walls.updateValue("b", v -> v)).isFalse();
        assertThat(walls.register("b")).isTrue();
        assertThat(walls.entries("a")).containsExactly(new Registry.Entry<>("a", test.pid(), 11));
        assertThat(walls.keys(test.pid())).containsExactlyInAnyOrder("a", "b");
        walls.unregister("a");
        assertThat(walls.lookup("a")).isEmpty();
        assertThat(walls.keys(test.pid())).containsExactly("b");
    }

    @Test
    void registriesThatDoNotRunSayWhatToDo() {
        assertThatThrownBy(() -> Registry.unique("rooms").register("a"))
                .hasMessageContaining("the registry rooms is not running; start it as a child");
        assertThatThrownBy(() -> Registry.duplicate("walls").register("a")).hasMessageContaining("walls");
        assertThatThrownBy(() -> Registry.unique("rooms").partitions(0)).hasMessageContaining("got: 0");
        assertThatThrownBy(() -> Registry.unique("rooms").maxStarted(0)).hasMessageContaining("got: 0");
    }

    // ---- process groups --------------------------------------------------------------------------------------

    @Test
    void groupsAreJoinedLeftAndMonitored() {
        ProcessGroups<String> pools = ProcessGroups.of("pools");
        start(pools);
        var a = after(() -> {});
        var b = after(() -> {});
        pools.join("x", a);
        assertThat(pools.monitor("x")).containsExactly(a);
        pools.join("x", b, b);
        assertThat(test.assertReceive(ProcessGroups.Joined.class))
                .isEqualTo(new ProcessGroups.Joined("pools", "x", List.of(b, b)));
        assertThat(pools.members("x")).containsExactlyInAnyOrder(a, b, b);
        pools.join("y", b);
        assertThat(pools.groups()).containsExactlyInAnyOrder("x", "y");
        assertThat(pools.groupsOf(b)).containsExactlyInAnyOrder("x", "y");

        assertThat(pools.leave("x", b)).isTrue();
        assertThat(test.assertReceive(ProcessGroups.Left.class).members()).containsExactly(b);
        assertThat(pools.members("x")).containsExactlyInAnyOrder(a, b);
        Proc.kill(b);
        assertThat(pools.members("x")).containsExactly(a);
        assertThat(test.assertReceive(ProcessGroups.Left.class))
                .isEqualTo(new ProcessGroups.Left("pools", "x", List.of(b)));
        test.await("group y to be gone", () -> !pools.groups().contains("y"));

        pools.demonitor("x");
        assertThat(pools.leave("x", a)).isTrue();
        assertThat(pools.leave("x", a)).isFalse();
        assertThat(pools.groups()).isEmpty();
        test.refuteReceive(ProcessGroups.Left.class);
    }

    @Test
    void groupsSurviveACrashOfTheirScope() {
        ProcessGroups<String> pools = ProcessGroups.of("pools");
        var tree = start(pools);
        var a = after(() -> {});
        pools.join("x", a);
        var first = pools.pid();
        Proc.kill(first);
        test.await(
                "the restart",
                () -> tree.children().getFirst().pid().filter(p -> p != first).isPresent());
        assertThat(pools.members("x")).containsExactly(a);
        Proc.kill(a);
        test.await("the group to be gone", () -> pools.groups().isEmpty());
        assertThat(Proc.awaitExit(a, Duration.ZERO)).isPresent();
    }
}
