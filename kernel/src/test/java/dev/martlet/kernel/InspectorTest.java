package dev.martlet.kernel;

import static dev.martlet.kernel.Proc.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What can be seen of processes from outside, few of them and a million. */
class InspectorTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Node node =
            Node.start(Node.Config.DEFAULT.name("inspected").limits(limits -> limits.maxProcesses(1 << 21)));
    private final Inspector inspector = node.inspector();

    @AfterEach
    void close() {
        node.close();
    }

    private static final class Quiet implements Receiver {
        @Override
        public void receive(Object message) throws Exception {
            if (message instanceof CountDownLatch gate) {
                gate.await();
            }
        }
    }

    private Pid quiet(String label) {
        return node.spawn(Spawn.DEFAULT.label(label), new Quiet());
    }

    private static void isIdle(Pid pid) {
        await().until(() -> ((LocalProcess) pid).isIdle());
    }

    @Test
    void oneProcessInDetail() {
        var gate = new CountDownLatch(1);
        try (var self = node.attach(Spawn.DEFAULT.label("boss").trappingExits())) {
            var pid = node.spawn(
                    Spawn.DEFAULT.label("clerk").named("desk 1").linkedOrderly().priority(Priority.HIGH), new Quiet());
            var monitor = monitor(pid);
            send(pid, "a letter");
            send(pid, gate);
            send(pid, "waits");
            send(pid, "waits too");
            await().until(() -> inspector.info(pid).state() == ProcessState.WAITING);

            var detail = inspector.detail(pid).orElseThrow();
            assertThat(detail.info().label()).isEqualTo("clerk");
            assertThat(detail.info().waiting()).isEqualTo(2);
            assertThat(detail.info().handled()).isEqualTo(2);
            assertThat(detail.info().memory()).isEqualTo(144 + 2 * 32);
            assertThat(detail.names()).containsExactly("desk 1");
            assertThat(detail.code()).isEqualTo(Quiet.class);
            assertThat(detail.priority()).isEqualTo(Priority.HIGH);
            assertThat(detail.trapsExits()).isFalse();
            assertThat(detail.mailbox()).isEqualTo(Mailbox.DEFAULT);
            assertThat(detail.ancestors()).containsExactly(self.pid());
            assertThat(detail.links()).containsExactly(self.pid());
            assertThat(detail.monitoredBy()).containsExactly(self.pid());
            assertThat(detail.monitors()).isEmpty();
            assertThat(detail.more()).isFalse();
            assertThat(detail.handling()).contains(gate);
            assertThat(detail.stack())
                    .anyMatch(frame -> frame.getClassName().equals(Quiet.class.getName())
                            && frame.getMethodName().equals("receive"));
            var boss = inspector.detail(self.pid()).orElseThrow();
            assertThat(boss.monitors()).containsExactly(pid);
            assertThat(boss.trapsExits()).isTrue();

            gate.countDown();
            isIdle(pid);
            var after = inspector.detail(pid).orElseThrow();
            assertThat(after.info().state()).isEqualTo(ProcessState.IDLE);
            assertThat(after.info().handled()).isEqualTo(4);
            assertThat(after.info().oldest()).isZero();
            assertThat(after.info().handlingFor()).isZero();
            assertThat(after.handling()).isEmpty();
            assertThat(after.stack()).isEmpty();

            demonitor(monitor);
            kill(pid);
            assertThat(inspector.detail(pid)).isEmpty();
            assertThat(inspector.info(pid).state()).isEqualTo(ProcessState.DEAD);
        }
    }

    @Test
    void aBodyShowsWhereItWaitsAndACallerForWhom() {
        var gate = new CountDownLatch(1);
        var server = quiet("server");
        send(server, gate);
        var caller = node.spawn(Spawn.DEFAULT.label("caller"), () -> call(server, "?", LONG));
        var sleeper = node.spawn(Spawn.DEFAULT.label("sleeper"), () -> receive(m -> null));
        await().until(() -> inspector.detail(caller).orElseThrow().waitingFor().isPresent());
        assertThat(inspector.detail(caller).orElseThrow().waitingFor()).contains(server);
        await().until(() -> inspector.info(caller).state() == ProcessState.WAITING);
        isIdle(sleeper);
        assertThat(inspector.detail(sleeper).orElseThrow().stack())
                .anyMatch(frame -> frame.getClassName().equals(InspectorTest.class.getName()));
        gate.countDown();
    }

    @Test
    void agesAreOfTheOldestMessage() {
        var virtual = Node.start(Node.Config.DEFAULT.name("aged").withVirtualTime());
        try (virtual) {
            var gate = new CountDownLatch(1);
            var pid = virtual.spawn(Spawn.DEFAULT, new Quiet());
            send(pid, gate);
            await().until(() -> ((LocalProcess) pid).handling().isPresent());
            send(pid, "first");
            virtual.advance(Duration.ofSeconds(3));
            send(pid, "second");
            virtual.advance(Duration.ofSeconds(4));
            var info = virtual.inspector().info(pid);
            assertThat(info.oldest()).isBetween(Duration.ofMillis(6_990), Duration.ofMillis(7_010));
            assertThat(info.handlingFor()).isBetween(Duration.ofMillis(6_990), Duration.ofMillis(7_010));
            var found = virtual.inspector().look(Inspector.Query.ALL.oldestAtLeast(Duration.ofSeconds(6)));
            assertThat(found.processes()).hasSize(1);
            assertThat(virtual.inspector()
                            .look(Inspector.Query.ALL.oldestAtLeast(Duration.ofSeconds(8)))
                            .processes())
                    .isEmpty();
            gate.countDown();
        }
    }

    @Test
    void findsByLabelNameAndPid() {
        var gate = new CountDownLatch(1);
        var room = quiet("Room 42");
        var other = quiet("Room 43");
        var named = node.spawn(Spawn.DEFAULT.named("lobby"), new Quiet());
        assertThat(inspector.findByLabel("Room 42")).containsExactly(room);
        assertThat(inspector.look(Inspector.Query.ALL.text("Room")).processes())
                .extracting(ProcessInfo::pid)
                .containsExactlyInAnyOrder(room, other);
        assertThat(inspector.look(Inspector.Query.ALL.text("obb")).processes())
                .extracting(ProcessInfo::pid)
                .containsExactly(named);
        assertThat(inspector.findByPid(room.toString())).contains(room);
        assertThat(inspector.findByPid(room.node() + "." + room.serial())).contains(room);
        assertThat(inspector.findByPid((room.node() + 1) + "." + room.serial())).isEmpty();
        assertThat(inspector.findByPid("Room 42")).isEmpty();
        kill(room);
        assertThat(inspector.findByPid(room.toString())).isEmpty();
        gate.countDown();
    }

    @Test
    void queriesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> Inspector.Query.ALL.most(10_001)).hasMessageContaining("allowed is 1 to 10,000");
        assertThatThrownBy(() -> Inspector.Query.ALL.within(Duration.ZERO)).hasMessageContaining("budget");
    }

    /** F55 in spirit: a million processes, one with a long queue. */
    @Test
    void aMillionProcessesAreSortedPagedAndSearched() {
        var count = 1_000_000;
        var gate = new CountDownLatch(1);
        var spawn = Spawn.DEFAULT.label("one of many");
        for (var i = 0; i < count; i++) {
            node.spawn(spawn, new Quiet());
        }
        var busy = quiet("needle");
        send(busy, gate);
        for (var i = 0; i < 50_000; i++) {
            send(busy, i);
        }
        var second = quiet("also");
        send(second, gate);
        for (var i = 0; i < 5; i++) {
            send(second, i);
        }
        await().until(() -> ((LocalProcess) second).queueLength() == 5
                && ((LocalProcess) busy).handling().isPresent());

        var top = inspector.look(
                Inspector.Query.ALL.by(Inspector.Order.WAITING).most(3).within(LONG));
        assertThat(top.complete()).isTrue();
        assertThat(top.next()).isZero();
        assertThat(top.visited()).isEqualTo(count + 2);
        assertThat(top.matched()).isEqualTo(count + 2);
        assertThat(top.processes()).hasSize(3);
        assertThat(top.processes().get(0).pid()).isEqualTo(busy);
        assertThat(top.processes().get(0).waiting()).isEqualTo(50_000);
        assertThat(top.processes().get(1).pid()).isEqualTo(second);

        assertThat(inspector
                        .look(Inspector.Query.ALL.text("needle").within(LONG))
                        .processes())
                .extracting(ProcessInfo::pid)
                .containsExactly(busy);

        // A budget that ends at once still gets on, and the pieces together are the whole.
        var query = Inspector.Query.ALL.by(Inspector.Order.MEMORY).most(1).within(Duration.ofNanos(1));
        var visited = 0L;
        var pieces = 0;
        var found = inspector.look(query);
        for (; !found.complete(); found = inspector.look(query.from(found.next()))) {
            assertThat(found.visited()).isBetween(0L, 1_024L);
            visited += found.visited();
            pieces++;
        }
        assertThat(visited + found.visited()).isEqualTo(count + 2);
        assertThat(pieces).isGreaterThan(100);

        // Pages in the order found miss nobody and repeat nobody.
        var seen = new HashSet<Pid>();
        var page = Inspector.Query.ALL.most(7_001).within(LONG);
        for (var f = inspector.look(page); ; f = inspector.look(page.from(f.next()))) {
            assertThat(f.complete() || f.processes().size() == 7_001).isTrue();
            f.processes().forEach(info -> assertThat(seen.add(info.pid())).isTrue());
            if (f.complete()) {
                break;
            }
        }
        assertThat(seen).hasSize(count + 2);
        gate.countDown();
    }
}
