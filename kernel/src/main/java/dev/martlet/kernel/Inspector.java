package dev.martlet.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the processes of a node while they run: which have the longest queues, which is called so, where one is stuck.
 *
 * {@snippet :
 * var inspector = node.inspector();
 * var longest = inspector.look(Inspector.Query.ALL.by(Inspector.Order.WAITING).most(10));
 * longest.processes().forEach(p -> System.out.println(p.waiting() + " " + p.label() + " " + p.pid()));
 * inspector.detail(longest.processes().getFirst().pid()).ifPresent(d -> System.out.println(d.stack()));
 * }
 *
 * <p>It works on a million processes: a look reads each of them once, on the calling thread, with the processes running
 * on; it keeps nothing but what it returns; it lets others run in between; and it ends after its {@linkplain
 * Query#budget budget}, saying where, so that another look can go on from there. What it says of different processes was
 * true at different moments. Who starts or ends meanwhile may or may not be seen.
 *
 * <p>Any thread may use it. After Erlang's <a
 * href="https://www.erlang.org/doc/apps/erts/erlang.html#process_info/2">process_info</a> and the {@code proc_count} of
 * <a href="https://ferd.github.io/recon/recon.html">recon</a>.
 */
public final class Inspector {
    /** How many links or monitors {@link #detail} lists at most. */
    public static final int MOST_TIES = 1_000;

    /** A process without letters, its table entry included; and a letter. */
    private static final int PROCESS_BYTES = 144;

    private static final int LETTER_BYTES = 32;

    private static final int MOST_ANCESTORS = 100;
    private static final int MOST_FOUND = 10_000;

    private final Node node;

    Inspector(Node node) {
        this.node = node;
    }

    /** What comes first. */
    public enum Order {
        /** As found: the look ends when it has enough, and can be continued. */
        FOUND,
        /** Who has the most messages waiting. */
        WAITING,
        /** Whose oldest message has waited longest. */
        OLDEST,
        /** Who has handled the most messages. */
        HANDLED,
        /** Who has been handling one message for longest. */
        HANDLING,
        /** Who takes the most memory, as far as the kernel can tell; see {@link ProcessInfo#memory()}. */
        MEMORY
    }

    /**
     * What to look for: an immutable value, each method returns a changed copy.
     *
     * @param text a part of the label or of a registered name; empty for all
     * @param waitingAtLeast how many messages must wait
     * @param oldestAtLeast how long the oldest of them must have waited
     * @param order which come first
     * @param most how many to return, 1 to 10,000
     * @param budget when to stop, found or not
     * @param from 0, or the {@link Found#next()} of an earlier look
     */
    public record Query(
            String text,
            int waitingAtLeast,
            Duration oldestAtLeast,
            Order order,
            int most,
            Duration budget,
            long from) {
        /** The first 100 as found, within 250 ms. */
        public static final Query ALL = new Query("", 0, Duration.ZERO, Order.FOUND, 100, Duration.ofMillis(250), 0);

        /** Checks it. */
        public Query {
            if (most < 1 || most > MOST_FOUND) {
                throw new IllegalArgumentException("most: allowed is 1 to 10,000; got: " + most);
            }
            if (!budget.isPositive()) {
                throw new IllegalArgumentException("budget: allowed is more than nothing; got: " + budget);
            }
        }

        /** Those whose label or one of whose names contains that. */
        public Query text(String part) {
            return new Query(part, waitingAtLeast, oldestAtLeast, order, most, budget, from);
        }

        /** Those with that many messages waiting. */
        public Query waitingAtLeast(int messages) {
            return new Query(text, messages, oldestAtLeast, order, most, budget, from);
        }

        /** Those with a message that has waited so long. */
        public Query oldestAtLeast(Duration age) {
            return new Query(text, waitingAtLeast, age, order, most, budget, from);
        }

        /** In that order. */
        public Query by(Order first) {
            return new Query(text, waitingAtLeast, oldestAtLeast, first, most, budget, from);
        }

        /** So many of them. */
        public Query most(int count) {
            return new Query(text, waitingAtLeast, oldestAtLeast, order, count, budget, from);
        }

        /** Within that time. */
        public Query within(Duration time) {
            return new Query(text, waitingAtLeast, oldestAtLeast, order, most, time, from);
        }

        /** From where an earlier look has ended. */
        public Query from(long position) {
            return new Query(text, waitingAtLeast, oldestAtLeast, order, most, budget, position);
        }
    }

    /**
     * What a look has found.
     *
     * @param processes in the order that was asked for
     * @param visited how many processes it has looked at
     * @param matched how many of them were looked for; no fewer than are returned
     * @param complete whether it has seen all
     * @param next where it ended, for {@link Query#from(long)}; 0 if it is complete
     */
    public record Found(List<ProcessInfo> processes, long visited, long matched, boolean complete, long next) {}

    private record Candidate(long rank, LocalProcess process) {}

    /** Looks for processes. */
    public Found look(Query query) {
        return new Look(query).run();
    }

    /** Those with exactly that label, the first 10,000; looks at all processes, however long that takes. */
    public List<Pid> findByLabel(String label) {
        var found = new ArrayList<Pid>();
        node.processes.visit(
                0,
                process -> {
                    if (process.label().equals(label)) {
                        found.add(process);
                    }
                    return found.size() < MOST_FOUND;
                },
                () -> {
                    letOthersRun();
                    return true;
                });
        return List.copyOf(found);
    }

    /** The process that prints itself so: {@code #Pid<1.42>}, or {@code 1.42}; empty if it is not alive. */
    public Optional<Pid> findByPid(String printed) {
        var digits = printed.replaceFirst("^#Pid<", "").replaceFirst(">$", "").split("\\.", -1);
        try {
            return digits.length == 2 && Long.parseLong(digits[0]) == node.number()
                    ? node.find(Long.parseLong(digits[1]))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** One line about a process. */
    public ProcessInfo info(Pid pid) {
        var process = Node.local(pid);
        var waiting = process.queueLength();
        return new ProcessInfo(
                process,
                process.label(),
                state(process),
                waiting,
                Duration.ofNanos(process.oldestAge()),
                Integer.toUnsignedLong(process.handled),
                Duration.ofNanos(process.handlingTime()),
                memory(waiting));
    }

    /** All about a process; empty if it has ended. Its thread, if it has one, is halted for the moment of the trace. */
    public Optional<ProcessDetail> detail(Pid pid) {
        var process = Node.local(pid);
        if (process.isDead()) {
            return Optional.empty();
        }
        var ties = process.ties(MOST_TIES);
        var ancestors = new ArrayList<Pid>();
        for (var p = process.parent; p != null && ancestors.size() < MOST_ANCESTORS; p = p.parent) {
            ancestors.add(p);
        }
        @Nullable Pid callee = process.waitingFor();
        return Optional.of(new ProcessDetail(
                info(process),
                process.names(),
                process.code(),
                process.priority(),
                process.trapExit,
                process.mailbox(),
                List.copyOf(ancestors),
                ties.links(),
                ties.watched(),
                ties.watchers(),
                ties.more(),
                Optional.ofNullable(callee),
                process.handling(),
                Reports.stack(process.runner())));
    }

    private static ProcessState state(LocalProcess process) {
        if (process.isDead()) {
            return ProcessState.DEAD;
        }
        if (process.isIdle()) {
            return ProcessState.IDLE;
        }
        var thread = process.runner();
        if (thread == null) {
            return ProcessState.RUNNABLE;
        }
        return switch (thread.getState()) {
            case NEW, RUNNABLE -> ProcessState.RUNNING;
            case BLOCKED, WAITING, TIMED_WAITING, TERMINATED -> ProcessState.WAITING;
        };
    }

    private static long memory(int waiting) {
        return PROCESS_BYTES + (long) LETTER_BYTES * waiting;
    }

    @SuppressWarnings("ThreadPriorityCheck") // a courtesy, nothing depends on it
    private static void letOthersRun() {
        var context = Context.current();
        if (context == null) {
            Thread.yield();
        } else {
            context.reduce();
        }
    }

    /** One look on its way through the table. */
    private final class Look {
        private final Query query;
        private final long oldest;

        /** The least of the best on top. */
        private final PriorityQueue<Candidate> best = new PriorityQueue<>(Comparator.comparingLong(Candidate::rank));

        private long visited;
        private long matched;

        Look(Query query) {
            this.query = query;
            this.oldest = Proc.nanos(query.oldestAtLeast());
        }

        Found run() {
            var end = System.nanoTime() + Math.min(Proc.nanos(query.budget()), Long.MAX_VALUE / 4);
            var stopped = node.processes.visit(query.from(), this::see, () -> {
                letOthersRun();
                return System.nanoTime() - end < 0;
            });
            var found = new ArrayList<ProcessInfo>(best.size());
            for (var candidate = best.poll(); candidate != null; candidate = best.poll()) {
                found.add(info(candidate.process));
            }
            return new Found(List.copyOf(found.reversed()), visited, matched, stopped < 0, Math.max(0, stopped));
        }

        /** Whether to go on. */
        private boolean see(LocalProcess process) {
            visited++;
            if (query.waitingAtLeast() > 0 && process.queueLength() < query.waitingAtLeast()
                    || oldest > 0 && process.oldestAge() < oldest
                    || !query.text().isEmpty() && !process.isCalled(query.text())) {
                return true;
            }
            matched++;
            var rank = rank(process);
            if (best.size() < query.most()) {
                best.add(new Candidate(rank, process));
            } else if (rank > best.element().rank) {
                best.poll();
                best.add(new Candidate(rank, process));
            }
            return query.order() != Order.FOUND || matched < query.most();
        }

        private long rank(LocalProcess process) {
            return switch (query.order()) {
                case FOUND -> -matched;
                case WAITING -> process.queueLength();
                case OLDEST -> process.oldestAge();
                case HANDLED -> Integer.toUnsignedLong(process.handled);
                case HANDLING -> process.handlingTime();
                case MEMORY -> memory(process.queueLength());
            };
        }
    }
}
