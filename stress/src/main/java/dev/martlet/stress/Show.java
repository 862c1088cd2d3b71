package dev.martlet.stress;

import dev.martlet.kernel.Exit;
import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Pid;
import dev.martlet.otp.StartFailed;
import dev.martlet.otp.SupervisorRef;
import dev.martlet.stress.Message.Box;
import dev.martlet.stress.Message.Ended;
import dev.martlet.stress.Message.Mark;
import dev.martlet.stress.Message.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes observations as text, without what Erlang leaves open; differential.erl does the same. */
final class Show {
    private final Map<Pid, String> names;

    Show(Map<Pid, String> names) {
        this.names = names;
    }

    // ---- reasons ---------------------------------------------------------------------------------------------

    static ExitReason reason(String text) {
        return switch (text) {
            case "normal" -> ExitReason.NORMAL;
            case "shutdown" -> ExitReason.SHUTDOWN;
            case "kill", "killed" -> ExitReason.KILLED;
            default ->
                text.startsWith("shutdown:")
                        ? new ExitReason.Shutdown(text.substring("shutdown:".length()))
                        : new ExitReason.Other(text);
        };
    }

    static String reason(ExitReason reason) {
        return switch (reason) {
            case ExitReason.Normal() -> "normal";
            // Erlang's supervisors give up with plain shutdown, ours say why.
            case ExitReason.Shutdown(var detail)
            when detail.isEmpty() || detail.startsWith("reached max") -> "shutdown";
            case ExitReason.Shutdown(var detail) -> "shutdown:" + detail;
            case ExitReason.Killed() -> "killed";
            case ExitReason.NoProcess() -> "noproc";
            case ExitReason.NoConnection() -> "noconnection";
            case ExitReason.Crashed(StartFailed _) -> "start_failed";
            case ExitReason.Crashed(Actor.Boom boom) -> "crash:" + boom.getMessage();
            case ExitReason.Crashed(var cause) -> "crash:" + cause;
            case ExitReason.Other(var term) -> term.toString();
        };
    }

    // ---- results ---------------------------------------------------------------------------------------------

    String result(Object result) {
        return switch (result) {
            case Pid pid -> name(pid);
            case SupervisorRef sup -> name(sup.pid());
            case Text(var from, var number) -> from + "." + number;
            case Exit(var from, var reason) -> "EXIT/" + name(from) + "/" + reason(reason);
            case Ended(var monitor, var pid, var reason) -> "DOWN/" + monitor + "/" + name(pid) + "/" + reason(reason);
            case Box(var messages) -> box(messages);
            case List<?> children ->
                children.stream()
                        .map(SupervisorRef.Status.class::cast)
                        .map(child ->
                                child.id() + "/" + child.pid().map(this::name).orElse("-"))
                        .sorted()
                        .collect(Collectors.joining(" "));
            default -> result.toString();
        };
    }

    String name(Pid pid) {
        return names.getOrDefault(pid, "?");
    }

    // ---- mailboxes -------------------------------------------------------------------------------------------

    /** The messages of a step are those before a mark of it. */
    private String box(List<Object> messages) {
        var text = new StringBuilder("box");
        var group = new ArrayList<Object>();
        for (var i = 0; i < messages.size(); i++) {
            if (!(messages.get(i) instanceof Mark(var step))) {
                group.add(messages.get(i));
            } else if (!markFollows(step, messages, i + 1)) {
                group(group, text);
                group.clear();
            }
        }
        group(group, text);
        return text.toString();
    }

    private static boolean markFollows(int step, List<Object> messages, int from) {
        return messages.stream().skip(from).anyMatch(m -> m instanceof Mark(var later) && later == step);
    }

    /** Signals of one process arrive in the order sent; between processes, and between the signals of one death, is none. */
    private void group(List<Object> group, StringBuilder text) {
        var bySender = new TreeMap<String, List<Object>>();
        group.forEach(
                m -> bySender.computeIfAbsent(sender(m), _ -> new ArrayList<>()).add(m));
        for (var signals : bySender.values()) {
            var run = new ArrayList<String>();
            for (var signal : signals) {
                if (signal instanceof Text) {
                    flush(run, text);
                    text.append(' ').append(result(signal));
                } else {
                    run.add(result(signal));
                }
            }
            flush(run, text);
        }
    }

    private static void flush(List<String> run, StringBuilder text) {
        run.sort(Comparator.naturalOrder());
        run.forEach(signal -> text.append(' ').append(signal));
        run.clear();
    }

    private String sender(Object message) {
        return switch (message) {
            case Text(var from, var _) -> from;
            case Exit(var from, var _) -> name(from);
            case Ended(var _, var pid, var _) -> name(pid);
            default -> "?" + message;
        };
    }

    /**
     * Whether two observations are the same. The EXIT and the DOWN of one death may reach a process on either side of a
     * mark, and then no group holds both; so their order is looked over here as well.
     */
    static boolean same(List<String> some, List<String> others) {
        return some.stream()
                .map(Show::withoutOrderOfOneDeath)
                .toList()
                .equals(others.stream().map(Show::withoutOrderOfOneDeath).toList());
    }

    private static String withoutOrderOfOneDeath(String line) {
        var words = line.split(" ", -1);
        for (var i = 0; i + 1 < words.length; i++) {
            for (var j = i;
                    j >= 0 && died(words[j]).equals(died(words[j + 1])) && words[j].compareTo(words[j + 1]) > 0;
                    j--) {
                var word = words[j];
                words[j] = words[j + 1];
                words[j + 1] = word;
            }
        }
        return String.join(" ", words);
    }

    /** Whose death a word tells of; the word itself if it tells of none. */
    private static String died(String word) {
        var parts = word.split("/", -1);
        return switch (parts[0]) {
            case "EXIT" -> "/" + parts[1];
            case "DOWN" -> "/" + parts[2];
            default -> word;
        };
    }

    // ---- events ----------------------------------------------------------------------------------------------

    /**
     * What one supervisor starts, and asks to stop, it does one after the other; between supervisors there is no order,
     * nor between children that are orphaned at the same time (their reason is another than shutdown).
     */
    static String events(List<EventLog.Event> events) {
        var bySup = new TreeMap<String, List<String>>();
        var orphans = new TreeMap<String, List<String>>();
        for (var event : events) {
            var ordered = !(event instanceof EventLog.Bye(var _, var _, var reason))
                    || reason(reason).equals("shutdown");
            (ordered ? bySup : orphans)
                    .computeIfAbsent(event.sup(), _ -> new ArrayList<>())
                    .add(event(event));
        }
        orphans.forEach((sup, byes) -> {
            byes.sort(Comparator.naturalOrder());
            bySup.computeIfAbsent(sup, _ -> new ArrayList<>()).addAll(byes);
        });
        return bySup.values().stream().flatMap(List::stream).collect(Collectors.joining(" "));
    }

    private static String event(EventLog.Event event) {
        return switch (event) {
            case EventLog.Started(var _, var _, var name, var _, var _) -> "start/" + name;
            case EventLog.Failed(var _, var name) -> "failed/" + name;
            case EventLog.Bye(var _, var id, var reason) -> "bye/" + id + "/" + reason(reason);
        };
    }
}
