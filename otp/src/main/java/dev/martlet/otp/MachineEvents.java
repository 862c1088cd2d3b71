package dev.martlet.otp;

import dev.martlet.kernel.Caller;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events of a state machine that are not in its mailbox: inserted, postponed, due at once; and its timers. */
final class MachineEvents {
    /** An event that waits inside the machine and, if it came by a call, its caller. */
    static final class Waiting {
        private final Object event;
        private final @Nullable Caller caller;

        /** Whether the caller was deferred by us, who postponed the event; then only {@link #taken} tells. */
        private final boolean again;

        private boolean taken;

        Waiting(Object event, @Nullable Caller caller, boolean again) {
            this.event = event;
            this.caller = caller;
            this.again = again;
        }

        Object event() {
            return event;
        }

        @Nullable
        Caller caller() {
            return caller;
        }

        /** The caller, to be answered later. */
        Caller take() {
            taken = true;
            if (caller == null) {
                throw new IllegalStateException("nobody waits for an answer to " + event);
            }
            return caller;
        }

        void answer(Object value) {
            if (caller != null) {
                caller.reply(value);
            }
        }

        Waiting postponed() {
            if (caller != null && !caller.isDeferred()) {
                caller.defer();
            }
            return new Waiting(event, caller, true);
        }

        /** Whether it was handled without an answer now or a way to give one later. */
        boolean isForgotten() {
            return caller != null && caller.isWaiting() && !(again ? taken : caller.isDeferred());
        }
    }

    /** A timer's message. */
    static final class Due {
        private final Object name;
        Object event;
        private @Nullable Timer timer;

        Due(Object name, Object event) {
            this.name = name;
            this.event = event;
        }
    }

    private final Deque<Object> queue = new ArrayDeque<>();
    private final Deque<Waiting> postponed = new ArrayDeque<>(0);
    private final Map<Object, Due> timers = new HashMap<>(4);

    /** The next event, or null. */
    @Nullable
    Waiting poll() {
        for (var next = queue.poll(); next != null; next = queue.poll()) {
            if (next instanceof Waiting waiting) {
                return waiting;
            }
            if (next instanceof Due due && fired(due)) {
                return new Waiting(due.event, null, false);
            }
        }
        return null;
    }

    boolean hasQueued() {
        return !queue.isEmpty();
    }

    void insert(List<Object> events) {
        events.reversed().forEach(event -> queue.addFirst(new Waiting(event, null, false)));
    }

    void postpone(Waiting event) {
        postponed.addLast(event);
    }

    /** What was postponed comes again; the timer of the state is gone. */
    void stateChanged() {
        cancel(Step.Timer.STATE);
        for (var event = postponed.pollLast(); event != null; event = postponed.pollLast()) {
            queue.addFirst(event);
        }
    }

    void start(Object name, Duration after, Object event) {
        cancel(name);
        var due = new Due(name, event);
        timers.put(name, due);
        if (after.isPositive()) {
            due.timer = Proc.sendAfter(after, Proc.self(), due);
        } else {
            queue.addLast(due);
        }
    }

    void update(Object name, Object event) {
        var due = timers.get(name);
        if (due != null) {
            due.event = event;
        }
    }

    void cancel(Object name) {
        var due = timers.remove(name);
        if (due != null && due.timer != null) {
            due.timer.cancel();
        }
    }

    /** Whether a timer that has fired was still wanted. */
    boolean fired(Due due) {
        return timers.remove(due.name, due);
    }

    void cancelAll() {
        timers.values().forEach(due -> {
            if (due.timer != null) {
                due.timer.cancel();
            }
        });
        timers.clear();
    }
}
