package dev.martlet.stress;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a {@link Generator} believes to be going on in its program, so that what it does next makes sense there: that
 * the living act, that monitors are ended that exist, that messages are received that are there. It is not what results
 * are judged by; where it is wrong the program is a little duller.
 */
final class Guess {
    private static final class Believed {
        private final Set<String> links = new LinkedHashSet<>();
        private final List<String> monitors = new ArrayList<>();
        private final List<String> inbox = new ArrayList<>();
        private boolean traps;
        private boolean alive = true;
    }

    private final Map<String, Believed> processes = new HashMap<>();
    private final Map<String, List<String>> watchers = new HashMap<>();

    private Believed process(String id) {
        return processes.computeIfAbsent(id, _ -> new Believed());
    }

    boolean alive(String id) {
        return id.equals("d") || process(id).alive;
    }

    List<String> links(String id) {
        return List.copyOf(process(id).links);
    }

    List<String> monitors(String id) {
        return List.copyOf(process(id).monitors);
    }

    /** What is in a mailbox, as the words after {@code recv}. */
    List<String> inbox(String id) {
        return List.copyOf(process(id).inbox);
    }

    void trap(String id, boolean traps) {
        process(id).traps = traps;
    }

    void link(String a, String b) {
        if (a.equals(b)) {
            return;
        }
        if (alive(b)) {
            process(a).links.add(b);
            process(b).links.add(a);
        } else {
            signal(a, b, "noproc");
        }
    }

    void unlink(String a, String b) {
        process(a).links.remove(b);
        process(b).links.remove(a);
    }

    void monitor(String watcher, String target, String name) {
        process(watcher).monitors.add(name);
        if (alive(target)) {
            watchers.computeIfAbsent(target, _ -> new ArrayList<>()).add(watcher + " " + name);
        } else {
            process(watcher).inbox.add("down " + name);
        }
    }

    void message(String from, String to) {
        process(to).inbox.add("from " + from);
    }

    void received(String id, String what) {
        process(id).inbox.remove(what);
    }

    void drained(String id) {
        process(id).inbox.clear();
    }

    /** An exit signal by exit/2. */
    void exit(String from, String to, String reason) {
        if (reason.equals("kill")) {
            end(to, "killed");
        } else {
            signal(to, from, from.equals(to) && reason.equals("normal") ? "own" : reason);
        }
    }

    private void signal(String to, String from, String reason) {
        var process = process(to);
        if (process.alive && process.traps) {
            process.inbox.add("exit " + from);
        } else if (process.alive && !reason.equals("normal")) {
            end(to, reason);
        }
    }

    /** An end. Children of supervisors come back. */
    void end(String id, String reason) {
        var process = process(id);
        if (!process.alive) {
            return;
        }
        process.alive = false;
        for (var watcher : watchers.getOrDefault(id, List.of())) {
            var words = watcher.split(" ", -1);
            process(words[0]).inbox.add("down " + words[1]);
        }
        watchers.remove(id);
        for (var other : List.copyOf(process.links)) {
            process(other).links.remove(id);
            signal(other, id, reason);
        }
        if (!id.startsWith("w")) {
            processes.remove(id);
        }
    }
}
