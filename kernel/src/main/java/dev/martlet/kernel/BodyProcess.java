package dev.martlet.kernel;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A process with a thread of its own, whose code calls {@code receive} where it likes. */
final class BodyProcess extends LocalProcess {
    private final Thread thread;

    /** Inside a matcher, where receiving again would lose messages. */
    private boolean matching;

    /** A new process on a new thread. */
    BodyProcess(Node node, long serial, Spawn spawn, Proc.Body body) {
        super(node, serial, spawn);
        this.thread = node.scheduler.newThread(this, () -> run(body));
        enter(thread);
    }

    /** The calling thread as a process, until {@link #end}. */
    BodyProcess(Node node, long serial, Spawn spawn) {
        super(node, serial, spawn);
        this.thread = Thread.currentThread();
        enter(thread);
    }

    void start() {
        thread.start();
    }

    private void run(Proc.Body body) {
        var context = Context.current();
        if (context == null) {
            context = new Context();
            context.enter();
        }
        context.process = this;
        ExitReason reason = ExitReason.NORMAL;
        try {
            if (!isDead()) {
                body.run();
            }
        } catch (Throwable e) {
            if (!isDead()) {
                reason = node.reasonOf(this, e);
            }
        }
        end(reason);
        refuseRest();
    }

    @Override
    boolean isRunBy(Thread runner) {
        return thread.isAlive();
    }

    @Override
    void wake() {
        LockSupport.unpark(thread);
    }

    @Override
    void ended(boolean idle) {
        if (thread != Thread.currentThread()) {
            LockSupport.unpark(thread);
        }
    }

    /** Takes the first letter that {@code match} maps to a value, or returns null at the deadline. */
    <T> @Nullable T receive(Function<Object, @Nullable T> match, long deadline) {
        if (matching) {
            throw new IllegalStateException("receive was called inside the matcher of another receive; a matcher only "
                    + "picks: return the message and act on it after receive has returned");
        }
        Letter before = null;
        while (true) {
            var letter = before == null ? first() : before.next;
            if (letter == null) {
                if (isDead()) {
                    throw new ProcessExit(exitReason());
                }
                if (drain()) {
                    before = null; // priority letters went to the front, behind our back
                } else if ((before == null ? first() : before.next) == null && !await(deadline)) {
                    return null;
                }
            } else if (isUnwanted(letter, true)) {
                remove(before, letter);
            } else {
                var message = letter.message;
                var value = match(match, message);
                if (value == null) {
                    before = letter;
                } else if (claim(letter, message)) {
                    remove(before, letter);
                    return value;
                }
            }
        }
    }

    /** Parks until something is in the inbox, or the process is dead. False if the deadline came first. */
    private boolean await(long deadline) {
        if (!idle()) {
            return true;
        }
        while (isIdle()) {
            if (!node.time.park(this, deadline)) {
                return !unidle();
            }
            if (Thread.interrupted() && unidle()) {
                throw new ProcessExit(new ExitReason.Crashed(new InterruptedException("interrupted in receive")));
            }
        }
        return true;
    }

    private <T> @Nullable T match(Function<Object, @Nullable T> match, Object message) {
        matching = true;
        try {
            return match.apply(message);
        } finally {
            matching = false;
        }
    }
}
