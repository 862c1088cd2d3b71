package dev.martlet.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A process of this node: its mailbox, its links and monitors, its death. {@link ServerProcess} and {@link BodyProcess}
 * add how its code runs.
 *
 * <p>Concurrency, all of it:
 *
 * <pre>
 * inbox, the only contended word: many senders, one owner (whoever runs the process now)
 *
 *            send: wake                     owner: take the chain
 *   IDLE ----------------> Letter chain ----------------------> null (running, inbox empty)
 *    ^                       |   ^  | send: push on top            |  |
 *    |                       |   +--+                              |  | send
 *    +-----------------------|-------------------------------------+  |
 *      owner: nothing left   |                     ^                  |
 *                            +---------------------|------------------+
 *   any of them -- death, once --> DEAD
 * </pre>
 *
 * A sender's one CAS both enqueues and tells it whether it must wake the owner. The owner takes the whole chain at
 * once, reverses it into a private FIFO ({@code head}), and works on that. Going idle is a CAS from null, so a letter
 * that slips in is seen. The depth is kept in the letters: the bound costs no second atomic.
 *
 * Ordering: letters of one sender arrive in the order sent, signals turned into messages ({@link Down}, {@link Exit})
 * included, because they use the same word. An exit signal that is not trapped takes effect at the moment it is sent:
 * the sender itself declares the process dead. That is allowed by Erlang's rules (a signal takes any time, also none)
 * and makes exit, then monitor, then isAlive in one process as predictable as there.
 *
 * Death is the transition of {@code inbox} to DEAD; whoever makes it, once, notifies links and monitors. Links, monitors
 * and names are guarded by the process' lock ({@code this}); no two of these locks are ever held together. Death happens
 * under it, so that whoever comes later knows that it must answer for itself.
 */
abstract sealed class LocalProcess extends Pid permits ServerProcess, BodyProcess {
    private static final Object IDLE = new Object() {
        @Override
        public String toString() {
            return "IDLE";
        }
    };
    private static final Object DEAD = new Object() {
        @Override
        public String toString() {
            return "DEAD";
        }
    };
    private static final VarHandle INBOX;
    private static final VarHandle RUNNER;

    static {
        try {
            var lookup = MethodHandles.lookup();
            INBOX = lookup.findVarHandle(LocalProcess.class, "inbox", Object.class);
            RUNNER = lookup.findVarHandle(LocalProcess.class, "runner", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Node node;
    private final long serial;

    /** How it was started: one object for all that are started alike. */
    private final Spawn settings;

    /** Null until there is something for it. */
    private volatile @Nullable Rare rare;

    private volatile @Nullable Object inbox;

    /** Taken from the inbox, not yet handled. Owner only. */
    private @Nullable Letter head;

    private @Nullable Letter tail;

    /** How many letters of a backlog are set in order between two signs of life. */
    private static final int CHUNK = 4096;

    /** How many there are; senders read it without order, so the bound is exact only to a batch. */
    private int backlog;

    /** How many messages it has handled, modulo 2^32. Owner only. */
    int handled;

    /** When the first of those in the inbox was sent, in the node's ticks. Written by its sender. */
    private int waitingSince;

    volatile boolean trapExit;

    /** Only priority letters are taken; the others stay in the private FIFO. Owner only. */
    boolean held;

    /**
     * A server: whose exit signals ask us to stop instead of ending us. A body: whose end is ours, whatever its reason.
     * Null: nobody.
     */
    volatile @Nullable LocalProcess parent;

    /** Asks a server process to stop. */
    record Stop(ExitReason reason) {}

    /** The thread that runs the process now; so that a kill can interrupt it. See {@link #leave}. */
    @SuppressWarnings("UnusedVariable") // read through RUNNER
    private @Nullable Thread runner;

    /**
     * How quick its turns have been: below 0 it is busy and runs in the batch lane, up to {@link CarrierScheduler#KNOWN}
     * it is a newcomer. Written by whoever runs it, and by the {@link FairnessMonitor}; a lost update does no harm.
     */
    byte conduct;

    /**
     * Null, one LocalProcess, or a HashSet of them: most processes have one link. Why it ended, after that. Guarded by
     * this.
     */
    private @Nullable Object links;

    /** Where it ran last; what it handles now can be read there, if it still does. */
    @Nullable
    Context ranIn;

    LocalProcess(Node node, long serial, Spawn spawn) {
        this.node = node;
        this.serial = serial;
        this.settings = spawn;
        this.trapExit = spawn.trapExit();
        var mailbox = spawn.mailbox();
        if (mailbox != Mailbox.DEFAULT && !mailbox.isPlain()) {
            var more = new Rare();
            more.shelf = new Shelf(mailbox);
            this.rare = more;
        }
        // Born running: inbox == null.
    }

    /** Makes the owner run: the inbox has just left IDLE. */
    abstract void wake();

    @Override
    public final long node() {
        return node.number();
    }

    @Override
    public final long serial() {
        return serial;
    }

    @Override
    public final int hashCode() {
        return ProcessTable.hash(serial);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public final boolean isAlive() {
        return inbox != DEAD;
    }

    final boolean isDead() {
        return inbox == DEAD;
    }

    final boolean isIdle() {
        return inbox == IDLE;
    }

    final Mailbox mailbox() {
        return settings.mailbox();
    }

    final Priority priority() {
        return settings.priority();
    }

    private Rare rare() {
        var there = rare;
        if (there == null) {
            synchronized (this) {
                there = rare;
                if (there == null) {
                    rare = there = new Rare();
                }
            }
        }
        return there;
    }

    private @Nullable Shelf shelf() {
        var there = rare;
        return there == null ? null : there.shelf;
    }

    /** Whether its death was declared and its links and monitors told. Under the lock. */
    private boolean isClosed() {
        return links instanceof ExitReason;
    }

    final String label() {
        var there = rare;
        var own = there == null ? null : there.label;
        return own == null ? settings.label() : own;
    }

    /** Its pid and, where it has one, its label: for logs and errors. */
    final String described() {
        return label().isEmpty() ? toString() : label() + " " + this;
    }

    final void label(String label) {
        rare().label = label;
    }

    /** How it is, for errors: {@code alive, 1,204 messages waiting, the oldest for 3.1 s, handling X for 7.2 s}. */
    final String condition() {
        if (isDead()) {
            return "ended, " + exitReason();
        }
        var waiting = queueLength();
        var text = new StringBuilder(
                String.format(Locale.ROOT, "alive, %,d %s waiting", waiting, waiting == 1 ? "message" : "messages"));
        if (waiting > 0) {
            text.append(", the oldest for ").append(Words.time(oldestAge()));
        }
        var place = ranIn;
        var inHand = place != null && place.process == this ? place.handling : null;
        if (place != null && inHand != null) {
            text.append(", inside handle(").append(Words.of(inHand));
            text.append(") for ").append(Words.time(node.time.age(place.handlingSince)));
        }
        var callee = waitingFor();
        if (callee != null) {
            text.append(", waiting for ").append(callee.described());
        }
        return text.toString();
    }

    /** About how many messages wait. */
    final int queueLength() {
        return (inbox instanceof Letter top ? top.depth() : 0) + backlog;
    }

    /** Has had a turn that nobody complained of. */
    void turned() {
        if (conduct >= 0 && conduct < CarrierScheduler.KNOWN) {
            conduct++;
        }
    }

    /** Has had a turn in the batch lane, and was busy in it or not. */
    final void judge(boolean busy) {
        if (busy) {
            conduct = -CarrierScheduler.AMENDS;
        } else if (conduct < 0) {
            conduct++;
        }
    }

    // ---- sending ---------------------------------------------------------------------------------------------

    /** How sending went. */
    enum Posted {
        ACCEPTED,
        DEAD,
        FULL
    }

    /** Enqueues without waiting. */
    final Posted post(Letter letter) {
        var now = node.time.ticks();
        while (true) {
            var state = inbox;
            if (state == DEAD) {
                node.reports.dropped(this, letter.message, KernelEvent.Cause.DEAD_RECEIVER);
                return Posted.DEAD;
            }
            letter.sentAt = now;
            if (state instanceof Letter top) {
                letter.layOn(top);
            } else {
                letter.layOn(null);
                waitingSince = now; // before the CAS: after it, it could be an hour old for a moment
            }
            if (letter.lane() == Letter.NORMAL
                    && letter.depth() + backlog > mailbox().maxMessages()) {
                if (mailbox().overflow() != Overflow.DROP_OLDEST) {
                    return Posted.FULL;
                }
                if (letter.depth() > mailbox().maxMessages() && trim()) {
                    continue;
                }
            }
            if (INBOX.compareAndSet(this, state, letter)) {
                if (state == IDLE) {
                    wake();
                }
                return Posted.ACCEPTED;
            }
            Thread.onSpinWait(); // somebody else was quicker: two that try at once again and again get on slowly
        }
    }

    /** Sends an ordinary message, and where the mailbox is full does what its {@link Mailbox} says. */
    final Posted send(Object message, @Nullable Deadline deadline) {
        var shelf = shelf();
        var until = deadline == null ? TimeSource.NEVER : deadline.nanos();
        if (shelf != null) {
            return send(shelf.pack(message, deadline), until);
        }
        return send(
                deadline == null ? new Letter(message, Letter.NORMAL) : new Parcel(message, 0, null, deadline), until);
    }

    /** The same without waiting; it is not counted here. */
    final Posted offer(Object message) {
        var shelf = shelf();
        var letter = shelf == null ? new Letter(message, Letter.NORMAL) : shelf.pack(message, null);
        return isKept(letter) ? Posted.ACCEPTED : tryPost(letter);
    }

    /**
     * Enqueues, and where the mailbox is full does what its {@link Overflow} says.
     *
     * @param until how long the sender may be made to wait, if that is shorter than what the node allows
     */
    final Posted send(Letter letter, long until) {
        var posted = isKept(letter) ? Posted.ACCEPTED : tryPost(letter);
        return posted == Posted.FULL ? overflow(letter, until) : posted;
    }

    /** Whether a simulation lets this letter be on its way for a while. */
    private boolean isKept(Letter letter) {
        return node.simulation != null && node.simulation.keeps(this, letter);
    }

    /** Enqueues, without waiting, what the shelf admits. */
    final Posted tryPost(Letter letter) {
        var shelf = shelf();
        if (shelf == null || !(letter instanceof Parcel parcel)) {
            return post(letter);
        }
        Object replaced;
        synchronized (shelf) {
            replaced = shelf.replace(parcel);
            if (replaced == null) {
                if (!shelf.admit(parcel)) {
                    return Posted.FULL;
                }
                var posted = post(letter);
                if (posted != Posted.ACCEPTED) {
                    shelf.remove(parcel);
                }
                return posted;
            }
        }
        node.reports.dropped(this, replaced, KernelEvent.Cause.CONFLATED);
        return Posted.ACCEPTED;
    }

    private Posted overflow(Letter letter, long until) {
        tellIfHigh(queueLength(), true);
        return switch (mailbox().overflow()) {
            case REJECT, DROP_NEWEST, DROP_OLDEST -> dropped(letter.message);
            case BLOCK -> Context.process() == this ? dropped(letter.message) : waitForRoom(letter, until);
        };
    }

    final Posted dropped(Object message) {
        node.reports.dropped(this, message, KernelEvent.Cause.OVERFLOW);
        return Posted.FULL;
    }

    /** Says once that the mailbox is three quarters full, or was found full. */
    private void tellIfHigh(int waiting, boolean full) {
        var limit = mailbox().maxMessages();
        if ((full || waiting >= limit - limit / 4) && !rare().high) {
            rare().high = true;
            node.reports.mailboxHigh(this, waiting, limit);
        }
    }

    private Posted waitForRoom(Letter letter, long until) {
        var deadline = Math.min(until, node.time.deadline(Proc.nanos(node.maxBlock())));
        var queue = blockedSenders();
        var self = Context.process();
        for (var again = false; ; again = true) {
            var waiter = queue.join(again);
            while (!waiter.get()) {
                // A second look after we have joined: the owner may have made room in between.
                var posted = tryPost(letter);
                if (posted != Posted.FULL) {
                    queue.done(waiter);
                    return posted;
                }
                if (self != null && self.isDead()) {
                    queue.giveUp(waiter);
                    throw new ProcessExit(self.exitReason());
                }
                if (!node.time.park(this, deadline) || Thread.currentThread().isInterrupted()) {
                    queue.giveUp(waiter);
                    return dropped(letter.message);
                }
            }
            var posted = tryPost(letter);
            if (posted != Posted.FULL) {
                return posted;
            }
            // Somebody who did not wait was quicker.
        }
    }

    private BlockedSenders blockedSenders() {
        var more = rare();
        var queue = more.blocked;
        if (queue == null) {
            synchronized (this) {
                queue = more.blocked;
                if (queue == null) {
                    more.blocked = queue = new BlockedSenders();
                }
            }
        }
        return queue;
    }

    private void releaseBlockedSenders(int count) {
        var more = rare;
        var queue = more == null ? null : more.blocked;
        if (queue != null && count > 0) {
            queue.release(count);
        }
    }

    /**
     * Drops the oldest messages of an inbox that holds too many, an eighth at a time, so that each of a flood of messages
     * costs a few steps. The lock keeps {@link #drain} away; senders only ever put something on top.
     *
     * @return whether anything could be dropped
     */
    private boolean trim() {
        var dropped = new ArrayList<Letter>();
        synchronized (this) {
            if (!(inbox instanceof Letter top)) {
                return true;
            }
            var keep = mailbox().maxMessages() - mailbox().maxMessages() / 8;
            var count = 0;
            var normal = 0;
            var last = top;
            for (Letter letter = top; letter != null; letter = letter.next) {
                if (letter.lane() == Letter.NORMAL && normal == keep && letter != top) {
                    last.next = letter.next;
                    dropped.add(letter);
                } else {
                    normal += letter.lane() == Letter.NORMAL ? 1 : 0;
                    count++;
                    last = letter;
                }
            }
            top.depth(count);
            waitingSince = last.sentAt;
        }
        for (var letter : dropped.reversed()) {
            dropOne(letter, "it was among the oldest in a full mailbox", KernelEvent.Cause.OVERFLOW);
        }
        return !dropped.isEmpty();
    }

    private void dropOne(Letter letter, String why, KernelEvent.Cause cause) {
        node.reports.dropped(this, letter.message, cause);
        if (letter instanceof Parcel parcel) {
            unshelve(parcel);
        }
        letter.drop(why);
    }

    private void unshelve(Parcel parcel) {
        var shelf = shelf();
        if (shelf != null) {
            shelf.remove(parcel);
        }
    }

    // ---- the owner's side ------------------------------------------------------------------------------------

    /** Goes idle if nothing has come. From then on the process belongs to whoever wakes it. */
    final boolean idle() {
        var waiting = backlog; // what the owner may not or will not take now; after the CAS it is another's to count
        if (!INBOX.compareAndSet(this, (Object) null, IDLE)) {
            return false;
        }
        if (rare != null) {
            // After the CAS: a sender that announced itself too late for this look sees the empty mailbox instead.
            releaseBlockedSenders(mailbox().maxMessages() - waiting);
        }
        return true;
    }

    /** Takes back what {@link #idle} gave, for an owner that woke for another reason. False if a letter was first. */
    final boolean unidle() {
        return INBOX.compareAndSet(this, IDLE, (Object) null);
    }

    /** The first letter, or null if there is none now or the process is dead. */
    final @Nullable Letter take() {
        var state = inbox;
        if (state instanceof Letter top && (head == null || top.urgent() || held)) {
            drain();
        } else if (state == DEAD) {
            return null;
        }
        for (var first = head; first != null; first = head) {
            if (held && first.lane() != Letter.PRIORITY) {
                return null;
            }
            remove(null, first);
            if (!isUnwanted(first, false)) {
                if (first.getClass() == Parcel.class) {
                    unshelve((Parcel) first);
                }
                return first;
            }
        }
        return null;
    }

    /** Takes a message that a matcher has picked. False if a newer one has taken its place meanwhile: match again. */
    final boolean claim(Letter letter, Object matched) {
        var shelf = shelf();
        if (shelf != null && letter instanceof Parcel parcel) {
            synchronized (shelf) {
                if (letter.message != matched) {
                    return false;
                }
                shelf.remove(parcel);
            }
        }
        return true;
    }

    /**
     * Whether a letter is not to be handled; then it is counted, and its sender told.
     *
     * @param waits whether it is still counted among those that wait
     */
    final boolean isUnwanted(Letter letter, boolean waits) {
        if (letter.lane() != Letter.NORMAL) {
            return letter.isCancelled();
        }
        if (letter.getClass() != Letter.class) {
            if (letter.isCancelled()) {
                return true;
            }
            if (letter.isExpired(node)) {
                dropOne(letter, "its deadline had passed", KernelEvent.Cause.EXPIRED);
                return true;
            }
        }
        return mailbox() != Mailbox.DEFAULT && isShed(letter, queueLength() + (waits ? 0 : 1));
    }

    private boolean isShed(Letter letter, int waiting) {
        var limit = mailbox().maxAge();
        if (limit.isPresent() && node.time.age(letter.sentAt) > limit.get().toNanos()) {
            dropOne(letter, "it had waited longer than " + limit.get().toMillis() + " ms", KernelEvent.Cause.TOO_OLD);
            return true;
        }
        var shelf = shelf();
        if (mailbox().overflow() == Overflow.DROP_OLDEST
                && (waiting > mailbox().maxMessages() || shelf != null && shelf.isOverfull())) {
            dropOne(letter, "it was the oldest in a full mailbox", KernelEvent.Cause.OVERFLOW);
            return true;
        }
        return false;
    }

    /** How long the message that waits longest has waited, in nanoseconds; 0 if none waits. Coarse. */
    final long oldestAge() {
        var first = head;
        if (first != null) {
            return node.time.age(first.sentAt);
        }
        return inbox instanceof Letter ? node.time.age(waitingSince) : 0;
    }

    /** Moves what the inbox holds into the private FIFO, priority letters to its front. Whether there were such. */
    final boolean drain() {
        if (mailbox().overflow() == Overflow.DROP_OLDEST) {
            synchronized (this) {
                return drainNow(); // nobody trims it meanwhile
            }
        }
        return drainNow();
    }

    private boolean drainNow() {
        Object chain;
        do {
            chain = inbox;
            if (!(chain instanceof Letter)) {
                return false;
            }
        } while (!INBOX.compareAndSet(this, chain, (Object) null));

        var top = (Letter) chain;
        var urgent = top.urgent();
        var said = top.depth();
        backlog += said; // at once: reversing many takes a while, and senders look
        Letter oldest = null;
        Letter newest = top;
        var count = 0;
        for (Letter letter = top; letter != null; ) {
            var older = letter.next;
            letter.next = oldest;
            oldest = letter;
            letter = older;
            if ((++count & CHUNK - 1) == 0) {
                Context.progress();
            }
        }
        backlog += count - said; // what was dropped below a top makes it inexact
        // oldest is not null: the chain has at least its top.
        if (urgent) {
            drainUrgent(oldest);
        } else {
            append(oldest, newest);
        }
        tellIfHigh(backlog, false);
        var more = rare;
        if (more != null) {
            if (more.high && backlog <= mailbox().maxMessages() / 2) {
                more.high = false;
            }
            releaseBlockedSenders(mailbox().maxMessages() - backlog);
        }
        return urgent;
    }

    private void append(@Nullable Letter first, Letter last) {
        var end = tail;
        if (end == null) {
            head = first;
        } else {
            end.next = first;
        }
        tail = last;
    }

    private void drainUrgent(@Nullable Letter oldest) {
        // The FIFO always begins with the priority letters that are still there: new ones go behind those.
        Letter lastUrgent = null;
        for (var letter = head; letter != null && letter.lane() == Letter.PRIORITY; letter = letter.next) {
            lastUrgent = letter;
        }
        for (var letter = oldest; letter != null; ) {
            var newer = letter.next;
            letter.next = null;
            if (letter.lane() != Letter.PRIORITY) {
                append(letter, letter);
            } else {
                if (lastUrgent == null) {
                    letter.next = head;
                    head = letter;
                } else {
                    letter.next = lastUrgent.next;
                    lastUrgent.next = letter;
                }
                if (letter.next == null) {
                    tail = letter;
                }
                lastUrgent = letter;
            }
            letter = newer;
        }
    }

    /** The first unread letter of the private FIFO; for selective receive, with {@link #remove}. */
    final @Nullable Letter first() {
        return head;
    }

    /** Removes {@code letter}, which comes after {@code before} (null: it is the first). */
    final void remove(@Nullable Letter before, Letter letter) {
        if (before == null) {
            head = letter.next;
        } else {
            before.next = letter.next;
        }
        if (tail == letter) {
            tail = before;
        }
        letter.next = null;
        backlog--;
    }

    /** The calling thread runs the process from now on. */
    final void enter(Thread thread) {
        // Ordered before any later look at the inbox that is a CAS; a kill after that look finds the thread.
        RUNNER.setRelease(this, thread);
    }

    /** To be called right before {@link #idle}; after it the process may be another thread's. */
    final void beforeIdle() {
        RUNNER.setRelease(this, (Thread) null);
    }

    /**
     * The calling thread does not run the process any more. A kill that comes at this moment may be about to interrupt
     * the thread: the lock waits until that is done, and then the interrupt, which was not meant for the next process
     * of this thread, is cleared.
     */
    final void leave() {
        RUNNER.setVolatile(this, (Thread) null);
        if (inbox == DEAD) {
            synchronized (this) {
                Thread.interrupted();
            }
        }
    }

    /** The message it handles now, if it is a server and does. */
    final Optional<Object> handling() {
        var place = ranIn;
        return Optional.ofNullable(place != null && place.process == this ? place.handling : null);
    }

    /** Whether that thread runs the process' code still. */
    final boolean isRunBy(Thread thread) {
        return runner() == thread;
    }

    final @Nullable Thread runner() {
        return (Thread) RUNNER.getVolatile(this);
    }

    // ---- calls -----------------------------------------------------------------------------------------------

    /** Remembers a request that is answered later, so that its caller hears of our death. */
    final void deferred(Request request) {
        synchronized (this) {
            if (!isClosed()) {
                var more = rare();
                var list = more.deferred;
                if (list == null) {
                    more.deferred = list = new ArrayList<>(2);
                } else if (list.size() >= 16 && (list.size() & list.size() - 1) == 0) {
                    list.removeIf(r -> !r.isWaiting()); // amortised: only at powers of two
                }
                list.add(request);
                return;
            }
        }
        request.refuse(exitReason());
    }

    /** Records that we wait for {@code callee}; throws, naming the chain, if it waits for us already. */
    final void waitFor(LocalProcess callee) {
        var more = rare();
        more.waitingFor = callee;
        var next = callee;
        for (var hops = 0; next != null && hops < 1_000; hops++) {
            if (next == this) {
                var chain = new ArrayList<LocalProcess>();
                chain.add(this);
                for (var p = callee; p != null && p != this; p = p.waitingFor()) {
                    chain.add(p);
                }
                chain.add(this);
                more.waitingFor = null;
                node.reports.callCycle(List.copyOf(chain));
                throw new CallFailed.Cycle(
                        callee, chain.stream().map(LocalProcess::described).collect(Collectors.joining(" -> ")));
            }
            next = next.waitingFor();
        }
    }

    final void waitDone() {
        rare().waitingFor = null;
    }

    final @Nullable LocalProcess waitingFor() {
        var more = rare;
        return more == null ? null : more.waitingFor;
    }

    // ---- links and monitors ----------------------------------------------------------------------------------

    /** Links this process, the caller, with another. */
    final void link(LocalProcess other) {
        if (other == this) {
            return;
        }
        synchronized (this) {
            if (isClosed() || !addLink(other)) {
                return;
            }
        }
        boolean alive;
        synchronized (other) {
            alive = !other.isClosed();
            if (alive) {
                other.addLink(this);
            }
        }
        if (!alive) {
            synchronized (this) {
                removeLink(other);
            }
            exitSignal(other, ExitReason.NO_PROCESS, true);
            return;
        }
        ExitReason ours;
        synchronized (this) {
            ours = links instanceof ExitReason reason ? reason : null;
        }
        if (ours != null) {
            // We were ended meanwhile, perhaps before the other had us in its links: it hears of it now or has already.
            boolean there;
            synchronized (other) {
                there = other.removeLink(this);
            }
            if (there) {
                other.exitSignal(this, ours, true);
            }
        }
    }

    /** Ends the link; no exit of {@code other} reaches us through it afterwards. */
    final void unlink(LocalProcess other) {
        separate(other);
        other.separate(this);
    }

    private void separate(LocalProcess other) {
        synchronized (this) {
            removeLink(other);
            if (parent == other && this instanceof BodyProcess) {
                parent = null;
            }
        }
    }

    final boolean isLinkedTo(LocalProcess other) {
        synchronized (this) {
            return links == other || links instanceof HashSet<?> set && set.contains(other);
        }
    }

    @SuppressWarnings("unchecked")
    private boolean addLink(LocalProcess other) {
        var now = links;
        if (now == null) {
            links = other;
            return true;
        }
        if (now instanceof LocalProcess only) {
            if (only == other) {
                return false;
            }
            var set = new HashSet<LocalProcess>(8);
            set.add(only);
            set.add(other);
            links = set;
            return true;
        }
        return ((HashSet<LocalProcess>) now).add(other);
    }

    private boolean removeLink(LocalProcess other) {
        if (links == other) {
            links = null;
            return true;
        }
        return links instanceof HashSet<?> set && set.remove(other);
    }

    /** Starts a monitor of this process, the caller, over {@code target}. */
    final Monitor monitor(LocalProcess target) {
        var monitor = new Monitor(this, target);
        synchronized (this) {
            if (!isClosed()) {
                var more = rare();
                var first = more.watched;
                monitor.nextWatched = first;
                if (first != null) {
                    first.previousWatched = monitor;
                }
                more.watched = monitor;
                monitor.inWatcher = true;
            }
        }
        synchronized (target) {
            if (!target.isClosed()) {
                var more = target.rare();
                var first = more.watchers;
                monitor.nextWatcher = first;
                if (first != null) {
                    first.previousWatcher = monitor;
                }
                more.watchers = monitor;
                monitor.inTarget = true;
                return monitor;
            }
        }
        unwatch(monitor);
        post(new Letter(new Down(monitor, target, ExitReason.NO_PROCESS), Letter.SIGNAL));
        return monitor;
    }

    /** Ends a monitor of this process, the caller. Whether it had not fired yet. */
    final boolean demonitor(Monitor monitor) {
        monitor.cancelled = true;
        unwatch(monitor);
        return monitor.target.forget(monitor);
    }

    private void unwatch(Monitor monitor) {
        synchronized (this) {
            if (!monitor.inWatcher) {
                return;
            }
            monitor.inWatcher = false;
            var before = monitor.previousWatched;
            var after = monitor.nextWatched;
            if (before == null) {
                rare().watched = after;
            } else {
                before.nextWatched = after;
            }
            if (after != null) {
                after.previousWatched = before;
            }
        }
    }

    private boolean forget(Monitor monitor) {
        synchronized (this) {
            if (!monitor.inTarget) {
                return false;
            }
            monitor.inTarget = false;
            var before = monitor.previousWatcher;
            var after = monitor.nextWatcher;
            if (before == null) {
                rare().watchers = after;
            } else {
                before.nextWatcher = after;
            }
            if (after != null) {
                after.previousWatcher = before;
            }
            return true;
        }
    }

    // ---- looked at ---------------------------------------------------------------------------------------------

    /** The class of its code. */
    abstract Class<?> code();

    /** How long it has been handling what it handles, in nanoseconds; 0 if it is no server, or idle. Coarse. */
    final long handlingTime() {
        var place = ranIn;
        return place != null && place.process == this && place.handling != null
                ? node.time.age(place.handlingSince)
                : 0;
    }

    /** Whether its label or one of its names contains that. */
    final boolean isCalled(String part) {
        if (label().contains(part)) {
            return true;
        }
        var more = rare;
        return more != null && more.names != null && names().stream().anyMatch(name -> name.contains(part));
    }

    /**
     * Whom it is tied to, at most so many each.
     *
     * @param more whether there are others
     */
    record Ties(List<Pid> links, List<Pid> watched, List<Pid> watchers, boolean more) {}

    final Ties ties(int most) {
        var linked = new ArrayList<Pid>();
        var watching = new ArrayList<Pid>();
        var watchedBy = new ArrayList<Pid>();
        synchronized (this) {
            if (links instanceof LocalProcess only) {
                linked.add(only);
            } else if (links instanceof HashSet<?> set) {
                set.stream().limit(most + 1L).forEach(other -> linked.add((Pid) other));
            }
            var there = rare;
            if (there != null) {
                for (var m = there.watched; m != null && watching.size() <= most; m = m.nextWatched) {
                    watching.add(m.target);
                }
                for (var m = there.watchers; m != null && watchedBy.size() <= most; m = m.nextWatcher) {
                    watchedBy.add(m.watcher);
                }
            }
        }
        var more = linked.size() > most || watching.size() > most || watchedBy.size() > most;
        return new Ties(first(linked, most), first(watching, most), first(watchedBy, most), more);
    }

    private static List<Pid> first(List<Pid> some, int most) {
        return List.copyOf(some.subList(0, Math.min(most, some.size())));
    }

    // ---- names -----------------------------------------------------------------------------------------------

    /**
     * Takes a name, which death frees.
     *
     * @return who has it already; this process itself if it is dead; null if it has it now
     */
    final @Nullable LocalProcess takeName(String name) {
        // Under the lock, so that a name is never given to a process that will not free it any more.
        synchronized (this) {
            if (isClosed()) {
                return node.names.getOrDefault(name, this);
            }
            var owner = node.names.putIfAbsent(name, this);
            if (owner == null) {
                var more = rare();
                var list = more.names;
                if (list == null) {
                    more.names = list = new ArrayList<>(1);
                }
                list.add(name);
            }
            return owner;
        }
    }

    final List<String> names() {
        synchronized (this) {
            return rare == null || rare.names == null ? List.of() : List.copyOf(rare.names);
        }
    }

    /** Waits until this process, which is dead, has given back its names. */
    final void awaitClosed() {
        synchronized (this) {
            assert isClosed();
        }
    }

    /** Gives back a name. False if this process does not have it, or not any more. */
    final boolean giveBackName(String name) {
        synchronized (this) {
            if (!node.names.remove(name, this)) {
                return false;
            }
            var more = rare;
            if (more != null && more.names != null) {
                more.names.remove(name);
            }
            return true;
        }
    }

    // ---- death -----------------------------------------------------------------------------------------------

    /** Why it ended; {@link ExitReason#KILLED} in the short moment before that is recorded. */
    final ExitReason exitReason() {
        synchronized (this) {
            return links instanceof ExitReason reason ? reason : ExitReason.KILLED;
        }
    }

    /**
     * Receives an exit signal: traps it, ignores it or dies of it.
     *
     * @param byLink whether it comes through a link; {@link ExitReason.Killed} can be trapped only then
     */
    final void exitSignal(LocalProcess from, ExitReason reason, boolean byLink) {
        if (node.simulation != null) {
            node.simulation.deliverFrom(from); // a signal does not overtake messages
        }
        var pending = new ArrayDeque<Signal>();
        receiveExit(new Signal(from, this, reason, byLink), pending);
        // A whole tree may fall: a list instead of recursion keeps the stack flat.
        for (var signal = pending.poll(); signal != null; signal = pending.poll()) {
            signal.to.receiveExit(signal, pending);
        }
    }

    private record Signal(LocalProcess from, LocalProcess to, ExitReason reason, boolean byLink) {}

    private void receiveExit(Signal signal, Collection<Signal> pending) {
        var reason = signal.reason;
        var kill = !signal.byLink && reason instanceof ExitReason.Killed;
        synchronized (this) {
            // Unlinked in the meantime, as seen from here: then the signal has lost its way.
            if (isClosed() || signal.byLink && !removeLink(signal.from) && reason != ExitReason.NO_PROCESS) {
                return;
            }
            var fromParent = signal.from == parent;
            if (fromParent && signal.byLink && this instanceof BodyProcess) {
                reason = reason instanceof ExitReason.Normal ? ExitReason.SHUTDOWN : reason;
                kill = true;
            }
            if (!kill
                    && fromParent
                    && this instanceof ServerProcess
                    && (trapExit || !(reason instanceof ExitReason.Normal))) {
                post(new Letter(new Stop(reason), Letter.PRIORITY));
                return;
            }
            if (!kill && trapExit) {
                // Still under the lock: after unlink has returned no Exit of that link arrives.
                post(new Letter(new Exit(signal.from, reason), Letter.SIGNAL));
                return;
            }
        }
        if (kill || !(reason instanceof ExitReason.Normal) || signal.from == this) {
            die(reason, pending);
        }
    }

    /** Ends the process by its own hand or its own failure. False if it was dead already. */
    final boolean end(ExitReason reason) {
        var pending = new ArrayDeque<Signal>();
        var first = die(reason, pending);
        for (var signal = pending.poll(); signal != null; signal = pending.poll()) {
            signal.to.receiveExit(signal, pending);
        }
        return first;
    }

    private boolean die(ExitReason reason, Collection<Signal> pending) {
        Object was;
        Object linked;
        Monitor watching = null;
        Monitor own = null;
        List<Request> unanswered = null;
        synchronized (this) {
            // Under the lock: who comes second returns when the names are free, too.
            was = INBOX.getAndSet(this, DEAD);
            if (was == DEAD) {
                return false;
            }
            linked = links;
            links = reason;
            var more = rare;
            if (more != null) {
                watching = more.watchers;
                own = more.watched;
                unanswered = more.deferred;
                if (more.names != null) {
                    // In one step with the reason: nobody may see us dead and our names still taken.
                    more.names.forEach(name -> node.names.remove(name, this));
                }
                more.watchers = null;
                more.watched = null;
                more.deferred = null;
                more.names = null;
            }
            for (var m = watching; m != null; m = m.nextWatcher) {
                m.inTarget = false;
            }
            for (var m = own; m != null; m = m.nextWatched) {
                m.inWatcher = false;
            }
            var thread = runner();
            if (was != IDLE && thread != null && thread != Thread.currentThread()) {
                thread.interrupt();
                StuckCheck.begin(this, thread);
            }
        }
        parent = null; // the dead must not keep their ancestors
        node.gone(this, reason);
        for (var letter = was instanceof Letter top ? top : null; letter != null; letter = letter.next) {
            letter.refuse(reason);
        }
        if (unanswered != null) {
            unanswered.forEach(request -> request.refuse(reason));
        }
        for (var m = own; m != null; m = m.nextWatched) {
            m.target.forget(m);
        }
        for (var m = watching; m != null; m = m.nextWatcher) {
            m.watcher.unwatch(m);
            m.watcher.post(new Letter(new Down(m, this, reason), Letter.SIGNAL));
        }
        // As seen by others a kill is an ordinary reason: it travels on through links as something that can be trapped.
        if (linked instanceof LocalProcess only) {
            pending.add(new Signal(this, only, reason, true));
        } else if (linked instanceof HashSet<?> set) {
            set.forEach(other -> pending.add(new Signal(this, (LocalProcess) other, reason, true)));
        }
        releaseBlockedSenders(Integer.MAX_VALUE);
        ended(was == IDLE);
        return true;
    }

    /**
     * Right after death, on whatever thread caused it.
     *
     * @param idle whether nobody was running or about to run the process
     */
    abstract void ended(boolean idle);

    /** What was left in the private FIFO, by the owner when it sees that the process is dead. */
    final void refuseRest() {
        var reason = exitReason();
        for (var letter = head; letter != null; letter = letter.next) {
            letter.refuse(reason);
        }
        head = null;
        tail = null;
        backlog = 0;
    }
}
