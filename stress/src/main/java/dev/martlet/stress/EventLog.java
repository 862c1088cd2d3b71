package dev.martlet.stress;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Pid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What supervisors do, in the order it happens. Filled from many processes. */
final class EventLog {
    /** Something a supervisor did, or had done to a child. */
    sealed interface Event {
        /** The supervisor's id. */
        String sup();
    }

    /** It started a child. */
    record Started(String sup, String id, String name, String kind, Pid pid) implements Event {}

    /** It tried to, and the child refused. */
    record Failed(String sup, String name) implements Event {}

    /** A child that traps exits was asked to stop. */
    record Bye(String sup, String id, ExitReason reason) implements Event {}

    private final List<Event> events = new ArrayList<>();
    private final Map<String, Integer> starts = new HashMap<>();
    private final Map<Pid, Thread> threads = new HashMap<>();

    synchronized void add(Event event) {
        events.add(event);
    }

    /** What has been added since the last call. */
    synchronized List<Event> take() {
        var taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    /** Counts the starts of a child: 1, 2, … */
    synchronized int start(String id) {
        return starts.merge(id, 1, Integer::sum);
    }

    /** The thread of a body process, to wait for. */
    synchronized void thread(Pid pid, Thread thread) {
        threads.put(pid, thread);
    }

    synchronized Thread thread(Pid pid) {
        return threads.getOrDefault(pid, Thread.currentThread());
    }
}
