package dev.martlet.stress;

import dev.martlet.kernel.Down;
import dev.martlet.kernel.Exit;
import dev.martlet.kernel.Monitor;
import dev.martlet.kernel.Proc;
import dev.martlet.stress.Message.Ended;
import dev.martlet.stress.Message.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The messages that a worker has not received yet. */
sealed interface Mailbox {
    /** Removes the first message that is wanted. */
    Optional<Object> take(Predicate<Object> wanted);

    /** Removes all. */
    List<Object> drain();

    /** How many there are, marks not counted. */
    int count();

    /** Puts a mark behind them. */
    void mark(int step);

    /** The real one: of a body process, which receives selectively. */
    record Real() implements Mailbox {
        @Override
        public Optional<Object> take(Predicate<Object> wanted) {
            return Proc.receive(Duration.ZERO, message -> wanted.test(message) ? message : null);
        }

        @Override
        public List<Object> drain() {
            var all = new ArrayList<>();
            for (var next = take(m -> true); next.isPresent(); next = take(m -> true)) {
                all.add(next.get());
            }
            return all;
        }

        @Override
        public int count() {
            var count = new int[1];
            take(message -> {
                count[0] += message instanceof Mark ? 0 : 1;
                return false;
            });
            return count[0];
        }

        @Override
        public void mark(int step) {
            Proc.send(Proc.self(), new Mark(step));
        }
    }

    /** A server process takes each message as it comes and keeps it here. */
    record Kept(List<Object> messages) implements Mailbox {
        @Override
        public Optional<Object> take(Predicate<Object> wanted) {
            var first = messages.stream().filter(wanted).findFirst();
            first.ifPresent(messages::remove);
            return first;
        }

        @Override
        public List<Object> drain() {
            var all = List.copyOf(messages);
            messages.clear();
            return all;
        }

        @Override
        public int count() {
            return (int) messages.stream().filter(m -> !(m instanceof Mark)).count();
        }

        @Override
        public void mark(int step) {
            messages.add(new Mark(step));
        }
    }

    /** The monitors of a worker by the names that its program gives them. */
    record Monitors(Map<String, Monitor> byName, Map<Monitor, String> names) {
        Monitors() {
            this(new HashMap<>(), new HashMap<>());
        }

        void add(String name, Monitor monitor) {
            byName.put(name, monitor);
            names.put(monitor, name);
        }

        /** A message as observed: with the name of a monitor instead of itself. */
        Object named(Object message) {
            return message instanceof Down(var monitor, var pid, var reason)
                    ? new Ended(names.getOrDefault(monitor, "?"), pid, reason)
                    : message;
        }
    }

    /** What {@code recv …} wants. */
    static Predicate<Object> wanted(List<Object> args, Monitors monitors) {
        return switch (args.getFirst().toString()) {
            case "msg" -> message -> message instanceof Message.Text;
            case "from" -> message -> message instanceof Message.Text(var from, var _) && from.equals(args.get(1));
            case "exit" -> message -> message instanceof Exit(var from, var _) && from.equals(args.get(1));
            case "down" ->
                message -> message instanceof Down(var monitor, var _, var _)
                        && monitor == monitors.byName.get(args.get(1).toString());
            default -> throw new IllegalArgumentException("recv " + args);
        };
    }
}
