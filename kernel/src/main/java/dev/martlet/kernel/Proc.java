package dev.martlet.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a process can do: Erlang's primitives, in Java's case. All but {@link #send}, {@link #offer}, {@link #call} and
 * {@link #exit(Pid, ExitReason)} need the calling thread to be a process.
 *
 * {@snippet :
 * import static dev.martlet.kernel.Proc.*;
 *
 * Pid server = spawn(() -> {
 *     while (true) {
 *         var ping = receive(Ping.class);
 *         send(ping.from(), new Pong(ping.id()));
 *     }
 * });
 * Monitor monitor = monitor(server);
 * send(server, new Ping(self(), 7));
 * Object outcome = receive(Duration.ofSeconds(1), m -> switch (m) {
 *     case Pong(int id) when id == 7                     -> "answered";
 *     case Down(var ref, _, var why) when ref == monitor -> "died: " + why;
 *     default                                            -> null;          // stays in the mailbox
 * });
 * }
 *
 * <p><b>Order.</b> Messages from one process to another arrive in the order sent; a {@link Down} or {@link Exit} comes
 * after the messages its process sent before it ended. Between different senders there is no order.
 *
 * <p><b>Messages</b> are not copied: send immutable values, records above all.
 */
public final class Proc {
    private Proc() {}

    /** The code of a process with a flow of its own; when it returns the process ends normally. */
    @FunctionalInterface
    public interface Body {
        /** Runs in the new process. Throwing ends it with {@link ExitReason.Crashed}. */
        void run() throws Exception;
    }

    // ---- myself ----------------------------------------------------------------------------------------------

    /** The calling process. */
    public static Pid self() {
        return process();
    }

    /** Whether the calling thread runs a process. */
    public static boolean isProcess() {
        return Context.process() != null;
    }

    static LocalProcess process() {
        var process = Context.process();
        if (process == null) {
            throw new IllegalStateException(
                    "thread " + Thread.currentThread().getName()
                            + " is no process: do this inside one (Proc.spawn, GenServer, Task), or in a test use TestProc.open()");
        }
        return process;
    }

    private static BodyProcess body() {
        if (process() instanceof BodyProcess body) {
            return body;
        }
        throw new IllegalStateException("receive was called in " + self() + ", a server process, whose messages come to"
                + " its handler one by one. Return from the handler instead, use Proc.call to wait for an answer, or"
                + " spawn a process with a body for a flow of its own.");
    }

    /** What inspectors, logs and crash reports call this process. */
    public static void label(String label) {
        process().label(label);
    }

    /** What this process is called, or an empty string. */
    public static String label() {
        return process().label();
    }

    /** The names it is registered under. */
    public static List<String> names() {
        return process().names();
    }

    /** Its parent, the parent of that and so on, as far as each {@linkplain Spawn#linkedOrderly() stops} the next. */
    public static List<Pid> ancestors() {
        var all = new ArrayList<Pid>();
        for (var p = process().parent; p != null && all.size() < 100; p = p.parent) {
            all.add(p);
        }
        return all;
    }

    /**
     * Whether exit signals become {@link Exit} messages instead of ending this process. {@link #kill} cannot be trapped.
     *
     * @return what it was before
     */
    public static boolean trapExit(boolean trap) {
        var self = process();
        var before = self.trapExit;
        self.trapExit = trap;
        return before;
    }

    /** Ends the calling process; does not return. */
    public static RuntimeException exit(ExitReason reason) {
        process();
        throw new ProcessExit(reason);
    }

    // ---- others ----------------------------------------------------------------------------------------------

    /** Starts a process. */
    public static Pid spawn(Body body) {
        return Node.current().spawn(Spawn.DEFAULT, body);
    }

    /** Starts a process linked to this one, in one step: it cannot die unnoticed in between. */
    public static Pid spawnLink(Body body) {
        return Node.current().spawn(Spawn.DEFAULT.linked(), body);
    }

    /**
     * Sends an exit signal: the other process traps it or ends of it. {@link ExitReason.Normal} is ignored by those that
     * do not trap, unless they send it to themselves; {@link ExitReason.Killed} cannot be trapped and is what {@link
     * #kill} sends.
     */
    public static void exit(Pid pid, ExitReason reason) {
        var target = Node.local(pid);
        var self = Context.process();
        target.exitSignal(self == null ? target : self, reason, false);
        if (target == self && self.isDead()) {
            throw new ProcessExit(reason);
        }
    }

    /** Ends a process whatever it does or traps. Others see the reason {@link ExitReason.Killed}. */
    public static void kill(Pid pid) {
        exit(pid, ExitReason.KILLED);
    }

    /**
     * Links the calling process with another: when one ends with anything but {@link ExitReason.Normal}, so does the
     * other, unless it traps exits. Linking twice is linking once; linking with a dead process gives an exit signal
     * with {@link ExitReason.NoProcess}.
     */
    public static void link(Pid pid) {
        var self = process();
        self.link(Node.local(pid));
        if (self.isDead()) {
            throw new ProcessExit(self.exitReason());
        }
    }

    /**
     * Links the calling process, which has a body, with another, its owner, and ends with that whatever happens: also if
     * the owner ends normally, and if this process traps exits. For work that is of no use without its owner, as a Task.
     * The link works the other way as any does. A dead owner ends the caller at once. One owner at a time; {@link
     * #unlink}, from either side, ends it.
     */
    public static void endWith(Pid owner) {
        if (!(process() instanceof BodyProcess body)) {
            throw new IllegalStateException("endWith is for processes with a body; " + self()
                    + " is a server process: spawn it with Spawn.linkedOrderly() instead");
        }
        body.parent = Node.local(owner);
        link(owner);
    }

    /** Ends a link. Afterwards no exit of the other process comes through it any more. */
    public static void unlink(Pid pid) {
        process().unlink(Node.local(pid));
    }

    /** Asks for one {@link Down} when the process ends; at once if it has ended. Each call is a monitor of its own. */
    public static Monitor monitor(Pid pid) {
        return process().monitor(Node.local(pid));
    }

    /**
     * Ends a monitor; its {@link Down} is not received any more, even if it was on its way.
     *
     * @return whether the monitored process had not ended yet
     */
    public static boolean demonitor(Monitor monitor) {
        var self = process();
        if (monitor.watcher != self) {
            throw new IllegalArgumentException(monitor + " belongs to " + monitor.watcher + "; only that can end it");
        }
        return self.demonitor(monitor);
    }

    // ---- messages --------------------------------------------------------------------------------------------

    /**
     * Sends a message. To a dead process it does nothing. If the mailbox is full the receiver's {@link Overflow} decides,
     * and a sender may have to wait.
     */
    public static void send(Pid to, Object message) {
        Objects.requireNonNull(message, "a message must not be null");
        var target = Node.local(to);
        living();
        target.send(message, null);
    }

    /** Sends a message that is not worth handling after {@code deadline}: if it waits longer it is dropped and counted. */
    public static void send(Pid to, Object message, Deadline deadline) {
        Objects.requireNonNull(message, "a message must not be null");
        var target = Node.local(to);
        living();
        target.send(message, deadline);
    }

    /**
     * Sends a message unless that would mean to wait; for threads that must not block, such as event loops.
     *
     * @return false if the mailbox is full; then the message was not sent, and counted as dropped
     */
    public static boolean offer(Pid to, Object message) {
        Objects.requireNonNull(message, "a message must not be null");
        var target = Node.local(to);
        living();
        if (target.offer(message) == LocalProcess.Posted.FULL) {
            target.dropped(message);
            return false;
        }
        return true;
    }

    /** Sends a message that overtakes the ordinary ones that wait, and is admitted to a full mailbox too. */
    public static void sendPriority(Pid to, Object message) {
        Objects.requireNonNull(message, "a message must not be null");
        living();
        Node.local(to).post(new Letter(message, Letter.PRIORITY));
    }

    /**
     * Sends a message through an alias, to its owner; if it is inactive the message is dropped and counted. Else as
     * {@link #send(Pid, Object)}.
     */
    public static void send(Alias to, Object message) {
        Objects.requireNonNull(message, "a message must not be null");
        living();
        to.send(message);
    }

    /** A new {@link Alias} of this process, active until it is switched off with {@link #unalias}. */
    public static Alias alias() {
        return new Alias(process(), false);
    }

    /** A new {@link Alias} of this process, active until the first message has come through it. */
    public static Alias replyAlias() {
        return new Alias(process(), true);
    }

    /**
     * Switches an alias of this process off: no message comes in through it any more.
     *
     * @return whether it was active
     */
    public static boolean unalias(Alias alias) {
        var self = process();
        if (alias.pid() != self) {
            throw new IllegalArgumentException(alias + " belongs to " + alias.pid() + "; only that can switch it off");
        }
        return alias.deactivate();
    }

    /** A process that was ended by another must not go on sending: nobody expects to hear of the dead. */
    private static void living() {
        var context = Context.current();
        if (context != null) {
            var self = context.process;
            if (self != null && self.isDead()) {
                throw new ProcessExit(self.exitReason());
            }
            context.reduce();
        }
    }

    /** Sends a message after a while. */
    public static Timer sendAfter(Duration delay, Pid to, Object message) {
        Objects.requireNonNull(message, "a message must not be null");
        var target = Node.local(to);
        var node = target.node;
        return node.timers.start(node.time.deadline(Math.max(0, nanos(delay))), target, message);
    }

    /** Sends a message after a while, as {@link #sendPriority} does: it comes even if the mailbox is full then. */
    public static Timer sendPriorityAfter(Duration delay, Pid to, Object message) {
        Objects.requireNonNull(message, "a message must not be null");
        return sendAfter(delay, to, new Timers.Urgent(message));
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @throws CallFailed.Exited if the server ends, or had ended, before it answers
     * @throws CallFailed.Timeout if the answer does not come in time
     * @throws CallFailed.Overloaded if the server's mailbox is full and its {@link Overflow} refuses
     * @throws CallFailed.Cycle if the server waits for the caller
     */
    public static Object call(Pid server, Object request, Duration timeout) {
        Objects.requireNonNull(request, "a request must not be null");
        var target = Node.local(server);
        var self = Context.process();
        if (self == null) {
            return await(target, request, timeout, null);
        }
        living();
        self.waitFor(target);
        try {
            return await(target, request, timeout, self);
        } finally {
            self.waitDone();
        }
    }

    /**
     * Sends a request whose answer is waited for later, see {@link Response}. Whatever goes wrong is said there, also
     * that the server is dead or overloaded.
     */
    public static Response sendRequest(Pid server, Object request) {
        Objects.requireNonNull(request, "a request must not be null");
        var target = Node.local(server);
        living();
        var letter = new Request(request, Letter.NORMAL, target);
        var posted = target.send(letter, TimeSource.NEVER);
        return new Response(
                target,
                letter,
                posted == LocalProcess.Posted.ACCEPTED ? null : CallFailed.refused(target, request, posted));
    }

    /**
     * Asks the behaviour around a server's code, not the code: {@link Receiver#system} gets it, before ordinary
     * messages, even if the mailbox is full or the process {@linkplain #hold holds} them. For tools that look into
     * running processes.
     *
     * @throws CallFailed as {@link #call} does; a handler at work is waited for
     * @throws IllegalArgumentException if it is a process with a body, which no behaviour answers for
     */
    public static Object system(Pid server, Object request, Duration timeout) {
        Objects.requireNonNull(request, "a request must not be null");
        if (!(Node.local(server) instanceof ServerProcess target)) {
            throw new IllegalArgumentException(
                    server + " runs a body, which answers no system requests; only behaviours do");
        }
        var self = Context.process();
        living();
        var letter = new Request(new ServerProcess.ToBehaviour(request), Letter.PRIORITY, target);
        if (self == null) {
            return await(target, letter, timeout, null);
        }
        self.waitFor(target);
        try {
            return await(target, letter, timeout, self);
        } finally {
            self.waitDone();
        }
    }

    /**
     * Whether this process, a server, leaves ordinary messages and signals in its mailbox and is given only priority
     * messages, system requests and requests to stop. The mailbox keeps its limits meanwhile.
     *
     * @return what it was before
     */
    public static boolean hold(boolean hold) {
        if (!(process() instanceof ServerProcess self)) {
            throw new IllegalStateException(
                    "only a server process can hold its messages; a body receives when it wants to");
        }
        var before = self.held;
        self.held = hold;
        return before;
    }

    /** The caller whose request this process handles now, for behaviours that answer later; empty for a plain message. */
    public static Optional<Caller> caller() {
        var context = Context.current();
        return context == null ? Optional.empty() : Optional.ofNullable(context.request);
    }

    /**
     * Waits until a process has ended.
     *
     * @return why it ended, also long ago; empty if it has not within that time
     */
    public static Optional<ExitReason> awaitExit(Pid pid, Duration within) {
        var target = Node.local(pid);
        // A request that is never answered, only refused, by death.
        var request = new Request(Proc.class, Letter.SIGNAL, target);
        request.defer();
        var outcome = request.await(target.node.time, target.node.time.deadline(nanos(within)), Context.process());
        return outcome instanceof Request.Outcome(var reason) ? Optional.of(reason) : Optional.empty();
    }

    private static Object await(LocalProcess target, Object message, Duration timeout, @Nullable LocalProcess self) {
        return await(target, new Request(message, Letter.NORMAL, target), timeout, self);
    }

    private static Object await(LocalProcess target, Request request, Duration timeout, @Nullable LocalProcess self) {
        if (target instanceof ServerProcess server
                && Context.current() instanceof Strand strand
                && server.claim(strand)) {
            server.runFor(request, strand);
            if (self != null && self.isDead()) {
                throw new ProcessExit(self.exitReason());
            }
            var answer = request.answer();
            if (answer != null) {
                return answerOf(target, request.message, answer);
            }
            return settled(target, request, timeout, target.node.time.deadline(nanos(timeout)), self);
        }
        var deadline = target.node.time.deadline(nanos(timeout)); // waiting for room counts too
        var posted = target.send(request, deadline);
        if (posted != LocalProcess.Posted.ACCEPTED) {
            throw CallFailed.refused(target, request.message, posted);
        }
        return settled(target, request, timeout, deadline, self);
    }

    private static Object settled(
            LocalProcess target, Request request, Duration timeout, long deadline, @Nullable LocalProcess self) {
        var answer = request.await(target.node.time, deadline, self);
        if (answer == null) {
            throw CallFailed.timedOut(target, request.message, timeout);
        }
        return answerOf(target, request.message, answer);
    }

    /** The answer, or what it says about the server's end, thrown. */
    static Object answerOf(LocalProcess target, Object message, Object answer) {
        if (answer instanceof Request.Outcome(var reason)) {
            throw new CallFailed.Exited(
                    target,
                    target.described() + " ended (" + reason + ") before it answered " + Words.of(message),
                    reason);
        }
        if (answer instanceof Request.Dropped(var why)) {
            throw new CallFailed.Overloaded(
                    target, target.described() + " has dropped the request " + Words.of(message) + ": " + why);
        }
        return answer;
    }

    /**
     * Waits for the first message that {@code match} maps to a value; those it maps to null stay in the mailbox, in
     * order. The matcher only picks: act on the value after {@code receive} has returned.
     */
    public static <T> T receive(Function<Object, @Nullable T> match) {
        T value = body().receive(match, TimeSource.NEVER);
        if (value == null) {
            throw new IllegalStateException("a wait without a deadline has ended without a message");
        }
        return value;
    }

    /** The same, for a limited time; {@link Duration#ZERO} looks without waiting. */
    public static <T> Optional<T> receive(Duration within, Function<Object, @Nullable T> match) {
        var self = body();
        return Optional.ofNullable(self.receive(match, self.node.time.deadline(nanos(within))));
    }

    /** Waits for the first message of a type. */
    public static <T> T receive(Class<T> type) {
        return receive(message -> type.isInstance(message) ? type.cast(message) : null);
    }

    /** Waits, by the node's clock. Being killed ends the wait. */
    public static void sleep(Duration time) {
        var self = process();
        var deadline = self.node.time.deadline(nanos(time));
        while (self.node.time.park(self, deadline)) {
            living();
            if (Thread.currentThread().isInterrupted()) {
                throw new ProcessExit(new ExitReason.Crashed(new InterruptedException("interrupted in sleep")));
            }
        }
    }

    /** A duration in nanoseconds; too long to count is for ever. */
    static long nanos(Duration duration) {
        return duration.toSeconds() > Long.MAX_VALUE / 2_000_000_000 ? TimeSource.NEVER : duration.toNanos();
    }
}
