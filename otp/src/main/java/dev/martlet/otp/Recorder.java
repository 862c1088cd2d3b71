package dev.martlet.otp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last messages of one process. Touched by that process only. */
final class Recorder {
    private final int limit;
    private final Deque<Recording.Step> last;

    Recorder(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("allowed is to record 1 message or more, 0 to stop; got: " + limit);
        }
        this.limit = limit;
        this.last = new ArrayDeque<>(Math.min(limit, 64));
    }

    void add(Recording.Kind kind, Object message, @Nullable Object stateBefore) {
        if (last.size() == limit) {
            last.removeFirst();
        }
        last.addLast(new Recording.Step(kind, message, stateBefore));
    }

    Recording recording() {
        return new Recording(List.copyOf(last));
    }
}
