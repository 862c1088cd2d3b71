package dev.martlet.otp;

import dev.martlet.kernel.Caller;
import dev.martlet.kernel.Exit;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Receiver;
import dev.martlet.kernel.Spawn;
import dev.martlet.kernel.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The process behind a {@link TaskStream}: parent of its tasks, keeper of their results until they are taken. */
final class TaskCrew implements Receiver {
    static final ExitReason TIMED_OUT = new ExitReason.Other("timed out");

    private record Start(Callable<?> work) {}

    private record Take() {}

    private record Finish() {}

    private record Expired(Pid task, Member member) {}

    /** What one task brought. */
    record Finished(Pid task, Task.Outcome<?> outcome) {}

    private static final class Member {
        private @Nullable Finished finished;
        private boolean expired;
    }

    private record Running(Member member, Task<?> task, Timer limit) {}

    /** The stream's side of it; started with the first task. */
    static final class Handle {
        private final boolean ordered;
        private final Duration timeout;
        private @Nullable Pid pid;

        Handle(boolean ordered, Duration timeout) {
            this.ordered = ordered;
            this.timeout = timeout;
        }

        void start(Callable<?> work) {
            if (pid == null) {
                var spawn = Spawn.DEFAULT.label("Task.stream").trappingExits();
                pid = Node.current()
                        .spawn(Proc.isProcess() ? spawn.linkedOrderly() : spawn, new TaskCrew(ordered, timeout));
            }
            Proc.send(pid, new Start(work));
        }

        Finished take() {
            if (pid == null) {
                throw new IllegalStateException("nothing was started");
            }
            // No limit here: each task has its own, by which there is an outcome.
            return (Finished) Proc.call(pid, new Take(), Duration.ofSeconds(Long.MAX_VALUE));
        }

        void close() {
            if (pid != null) {
                if (Proc.isProcess()) {
                    Proc.unlink(pid); // an owner that traps exits need not hear of it
                }
                Proc.sendPriority(pid, new Finish());
            }
        }
    }

    private final boolean ordered;
    private final Duration timeout;
    private final Map<Pid, Running> running = new HashMap<>();

    /** Those not taken yet: in the order of the items, or only the finished ones as they came. */
    private final ArrayDeque<Member> queue = new ArrayDeque<>();

    private @Nullable Caller waiting;

    private TaskCrew(boolean ordered, Duration timeout) {
        this.ordered = ordered;
        this.timeout = timeout;
    }

    @Override
    public void receive(Object message) {
        switch (message) {
            case Start(var work) -> start(work);
            case Expired(var task, var member) -> expire(task, member);
            case Exit(var from, var reason) -> finished(from, reason);
            case Finish() -> throw Proc.exit(ExitReason.NORMAL);
            default -> {} // not for us
        }
    }

    private <T> void start(Callable<T> work) {
        var member = new Member();
        if (ordered) {
            queue.add(member);
        }
        var computation = new Task.Computation<>(work, Proc.self());
        var pid = Node.current().spawn(Spawn.DEFAULT.linked().label("Task"), computation);
        var limit = Proc.sendAfter(timeout, Proc.self(), new Expired(pid, member));
        running.put(pid, new Running(member, new Task<>(pid, computation), limit));
    }

    private void expire(Pid task, Member member) {
        if (member.finished == null) {
            member.expired = true;
            Proc.kill(task);
        }
    }

    private void finished(Pid pid, ExitReason reason) {
        var one = running.remove(pid);
        if (one == null) {
            return;
        }
        one.limit.cancel();
        var member = one.member;
        member.finished = new Finished(pid, one.task.outcome(member.expired ? TIMED_OUT : reason));
        if (!ordered) {
            queue.add(member);
        }
        answer();
    }

    @Override
    public void request(Object message, Caller caller) {
        caller.defer();
        waiting = caller;
        answer();
    }

    private void answer() {
        var first = queue.peek();
        if (waiting != null && first != null && first.finished != null) {
            queue.remove();
            waiting.reply(first.finished);
            waiting = null;
        }
    }
}
