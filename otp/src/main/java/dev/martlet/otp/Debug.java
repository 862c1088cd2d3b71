package dev.martlet.otp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is switched on for one process: suspension, traces, statistics, recording. Most processes have none of it. */
final class Debug {
    boolean suspended;
    final List<Trace> traces = new ArrayList<>(1);

    /** Null: not counting. */
    @Nullable
    Counting counting;

    @Nullable
    Recorder recorder;

    static final class Counting {
        final long since;
        long in;
        long out;

        Counting(long since) {
            this.since = since;
        }
    }

    /** A message is about to be handled. */
    void in(Recording.Kind kind, Object message, @Nullable Object stateBefore) {
        if (recorder != null) {
            recorder.add(kind, message, stateBefore);
        }
        if (counting != null) {
            counting.in++;
        }
        if (!traces.isEmpty()) {
            var event = kind == Recording.Kind.REQUEST ? new Trace.Asked(message) : new Trace.Received(message);
            traces.forEach(t -> t.add(event));
        }
    }

    /** A request was answered. */
    void out(Object request, Object answer) {
        if (counting != null) {
            counting.out++;
        }
        if (!traces.isEmpty()) {
            var event = new Trace.Answered(request, answer);
            traces.forEach(t -> t.add(event));
        }
    }

    /** A message was handled. */
    void state(@Nullable Object state) {
        if (!traces.isEmpty()) {
            var event = new Trace.Became(state);
            traces.forEach(t -> t.add(event));
        }
    }

    boolean isUnused() {
        return !suspended && traces.isEmpty() && counting == null && recorder == null;
    }
}
