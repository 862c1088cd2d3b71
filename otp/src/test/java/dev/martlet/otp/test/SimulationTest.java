package dev.martlet.otp.test;

import static dev.martlet.otp.Supervisor.Strategy.ONE_FOR_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.martlet.kernel.Chaos;
import dev.martlet.kernel.Down;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Spawn;
import dev.martlet.otp.Call;
import dev.martlet.otp.Child;
import dev.martlet.otp.GenServer;
import dev.martlet.otp.Next;
import dev.martlet.otp.Ref;
import dev.martlet.otp.Supervisor;
import dev.martlet.otp.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulationTest {
    /** Keeps a balance that its clients read and write in two calls, or add to in one. */
    record Account() implements GenServer<Account.Msg, Integer> {
        sealed interface Msg {
            record Read() implements Msg, Call<Msg, Integer> {}

            record Write(int balance) implements Msg, Call<Msg, Integer> {}

            record Add(int amount) implements Msg, Call<Msg, Integer> {}
        }

        @Override
        public Integer init(Ref<Msg> self) {
            return 0;
        }

        @Override
        public Next<Integer> handle(Msg msg, Integer balance) {
            return switch (msg) {
                case Msg.Read read -> reply(read, balance, balance);
                case Msg.Write write -> reply(write, write.balance(), write.balance());
                case Msg.Add add -> reply(add, balance + add.amount(), balance + add.amount());
            };
        }
    }

    /** The planted bug: what another deposits between the two calls is lost. */
    private static int deposit(Ref<Account.Msg> account) {
        int before = account.call(new Account.Msg.Read());
        return account.call(new Account.Msg.Write(before + 1));
    }

    private static void twoDeposits(Simulation sim) {
        var account = sim.start(new Account());
        var a = Task.async(() -> deposit(account));
        var b = Task.async(() -> deposit(account));
        a.await();
        b.await();
        int balance = account.call(new Account.Msg.Read());
        assertThat(balance).isEqualTo(2);
    }

    @Test
    void aLostUpdateIsFoundAndFailsAgainWithItsSeed() {
        var found = catchThrowableOfType(
                SimulationFailed.class, () -> Simulation.find(1, 1_000, SimulationTest::twoDeposits));
        assertThat(found)
                .hasMessageContaining("seed " + found.seed() + " fails")
                .hasMessageContaining("Simulation.run(" + found.seed() + "L, sim -> ...)")
                .hasMessageContaining("Write[balance=1]");
        for (var again = 0; again < 20; again++) {
            assertThatThrownBy(() -> Simulation.run(found.seed(), SimulationTest::twoDeposits))
                    .hasMessage(found.getMessage());
        }
    }

    @Test
    void notEverySeedLosesTheUpdate() {
        var outcomes = new HashSet<Boolean>();
        for (var seed = 1; seed <= 200; seed++) {
            try {
                Simulation.run(seed, SimulationTest::twoDeposits);
                outcomes.add(true);
            } catch (SimulationFailed e) {
                outcomes.add(false);
            }
        }
        assertThat(outcomes).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void theRepairedAccountPassesEverySeed() {
        Simulation.find(1, 500, sim -> {
            var account = sim.start(new Account());
            var deposits = IntStream.range(0, 3)
                    .mapToObj(_ -> Task.async(() -> account.call(new Account.Msg.Add(1))))
                    .toList();
            deposits.forEach(Task::await);
            int balance = account.call(new Account.Msg.Read());
            assertThat(balance).isEqualTo(3);
        });
    }

    /** Everything at once: supervisors that restart, kills, delays, timers, bodies, tasks, monitors. */
    private static void busyLife(Simulation sim) {
        var tree = Supervisor.of(
                        ONE_FOR_ONE,
                        Child.child(new Account())
                                .named(Ref.named("account", Account.Msg.class))
                                .backoff(Duration.ofMillis(1), Duration.ofMillis(50)))
                .maxRestarts(1_000, Duration.ofSeconds(1));
        var running = sim.start(tree);
        sim.chaos(Chaos.NONE
                .kill(0.02, label -> label.equals("account"))
                .delay(0.1, Duration.ofMillis(20))
                .delayMessages(0.2, Duration.ofMillis(5)));
        var self = Proc.self();
        var names = List.of("ann", "bob", "cid");
        names.forEach(name -> Proc.monitor(sim.node().spawn(Spawn.DEFAULT.label(name), () -> {
            for (var i = 0; i < 5; i++) {
                Proc.send(self, name + i);
                Proc.sleep(Duration.ofMillis(sim.random().nextInt(10)));
                running.children();
            }
        })));
        for (var downs = 0; downs < names.size(); ) {
            if (Proc.receive(m -> m) instanceof Down) {
                downs++;
            }
        }
        sim.chaos(Chaos.NONE);
        sim.note("over at " + sim.clock().instant());
    }

    @Test
    void theSameSeedDoesTheSameAndAnotherSomethingElse() {
        Set<Long> fingerprints = new HashSet<>();
        for (var seed = 1L; seed <= 20; seed++) {
            var one = Simulation.run(seed, SimulationTest::busyLife);
            var two = Simulation.run(seed, SimulationTest::busyLife);
            assertThat(two).isEqualTo(one);
            fingerprints.add(one.fingerprint());
        }
        assertThat(fingerprints).hasSize(20);
    }

    @Test
    void timePassesOnlyWhenNothingElseCan() {
        var run = Simulation.run(1, sim -> {
            var begin = sim.clock().instant();
            var order = new ArrayList<String>();
            var self = Proc.self();
            Proc.sendAfter(Duration.ofDays(2), self, "late");
            Proc.sendAfter(Duration.ofDays(1), self, "early");
            Proc.sleep(Duration.ofHours(12));
            order.add(Proc.receive(String.class));
            order.add(Proc.receive(String.class));
            assertThat(order).containsExactly("early", "late");
            assertThat(sim.clock().instant()).isEqualTo(begin.plus(Duration.ofDays(2)));
            assertThat(Proc.receive(Duration.ofDays(365), m -> m)).isEmpty();
        });
        assertThat(run.trace().getFirst()).startsWith("0.000000000 spawn main");
        assertThat(run.trace().getLast()).startsWith(Duration.ofDays(367).toSeconds() + ".000000000 ");
    }

    @Test
    void whoeverWaitsForEverIsNamed() {
        assertThatThrownBy(() -> Simulation.run(1, sim -> {
                    sim.node().spawn(Spawn.DEFAULT.label("idler"), () -> Proc.receive(String.class));
                    new CountDownLatch(1).await();
                }))
                .isInstanceOf(SimulationFailed.class)
                .hasMessageContaining("nothing can happen any more")
                .hasMessageContaining("idler<")
                .hasMessageContaining("SimulationTest");
    }

    @Test
    void locksAndThreadsOfTheJdkArePartOfIt() {
        for (var seed = 1L; seed <= 30; seed++) {
            var runs =
                    IntStream.range(0, 2).mapToObj(_ -> new ArrayList<String>()).toList();
            for (var order : runs) {
                Simulation.run(seed, sim -> {
                    var done = new CountDownLatch(4);
                    for (var i = 0; i < 4; i++) {
                        var name = "thread" + i;
                        Thread.startVirtualThread(() -> {
                            order.add(name);
                            done.countDown();
                        });
                    }
                    done.await();
                });
            }
            assertThat(runs.getFirst()).hasSize(4).isEqualTo(runs.getLast());
        }
    }

    @Test
    void waitingInsideOfSynchronizedIsPartOfItToo() {
        for (var seed = 1L; seed <= 20; seed++) {
            Simulation.Body body = sim -> {
                var lock = new Object();
                var tasks = IntStream.range(0, 3)
                        .mapToObj(i -> Task.async(() -> {
                            synchronized (lock) {
                                Proc.sleep(Duration.ofMillis(1));
                                sim.note("inside " + i);
                            }
                            return i;
                        }))
                        .toList();
                tasks.forEach(Task::await);
            };
            assertThat(Simulation.run(seed, body)).isEqualTo(Simulation.run(seed, body));
        }
    }

    @Test
    void aDelayedMessageIsOvertakenByOthersNotByItsOwn() {
        var overtaken = new HashSet<Boolean>();
        for (var seed = 1L; seed <= 100; seed++) {
            Simulation.run(seed, sim -> {
                sim.chaos(Chaos.NONE.delayMessages(0.5, Duration.ofMillis(10)));
                var self = Proc.self();
                var relay = Proc.spawn(() -> Proc.send(self, "relayed " + Proc.receive(String.class)));
                var sender = Proc.spawn(() -> {
                    Proc.send(self, "1");
                    Proc.send(relay, "2");
                    Proc.send(self, "3");
                });
                Proc.monitor(sender);
                var got = IntStream.range(0, 4)
                        .mapToObj(_ -> Proc.receive(m -> m))
                        .toList();
                assertThat(got.indexOf("1")).isLessThan(got.indexOf("3"));
                assertThat(got.indexOf("3"))
                        .isLessThan(got.stream()
                                .map(Down.class::isInstance)
                                .toList()
                                .indexOf(true));
                overtaken.add(got.indexOf("relayed 2") < got.indexOf("1"));
            });
        }
        assertThat(overtaken).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void chaosKillsWhomItMay() {
        var run = Simulation.run(7, sim -> {
            sim.chaos(Chaos.NONE.kill(1, "victim"::equals));
            Proc.monitor(sim.node().spawn(Spawn.DEFAULT.label("victim"), message -> {}));
            assertThat(Proc.receive(Down.class).reason()).isEqualTo(ExitReason.KILLED);
        });
        assertThat(run.trace()).anyMatch(line -> line.contains("chaos kills victim<"));
    }

    @Test
    void aProbabilityIsOne() {
        assertThatThrownBy(() -> Chaos.NONE.delay(1.5, Duration.ZERO))
                .hasMessage("delay: allowed is a probability from 0 to 1; got: 1.5");
    }
}
