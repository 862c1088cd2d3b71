package dev.martlet.kernel;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every live process of a node. It gives them their serials, finds one by it, and keeps body processes reachable: the
 * JDK may collect a parked virtual thread that nothing refers to.
 *
 * <p>Striped by thread, so that spawning scales: each stripe is an array with a free list, behind its own lock. A serial
 * is {@code generation | slot | stripe}; a slot would have to be used four billion times before a
 * serial comes back.
 *
 * <p>The limit is one number for all stripes. A stripe takes room from it for some processes at once and gives it back
 * when it has more to spare than that; before a process is refused, the others give back what they have to spare.
 */
final class ProcessTable {
    private static final int STRIPE_BITS = 4;
    private static final int SLOT_BITS = 24;

    /** No serial: the table is full. */
    static final long FULL = -1;

    /** How many processes each of the 16 stripes can hold, and so the whole: one thread may start them all. */
    static final int CAPACITY = 1 << SLOT_BITS;

    private final Stripe[] stripes = new Stripe[1 << STRIPE_BITS];
    private final int limit;
    private final boolean striped;

    /** How much room a stripe takes at once. */
    private final int portion;

    /** How much room the stripes have taken. */
    private final AtomicInteger taken = new AtomicInteger();

    private volatile int highWater;

    /**
     * With no processes, and room for so many.
     *
     * @param striped whether threads give different serials; a simulation gives the same again in each run
     */
    ProcessTable(int limit, boolean striped) {
        this.limit = limit;
        this.striped = striped;
        this.portion = Math.clamp(limit / 1024, 1, 64);
        for (var i = 0; i < stripes.length; i++) {
            stripes[i] = new Stripe(i);
        }
    }

    /** Takes a serial; its process is found by it after {@link #put}. {@link #FULL} if there may be no more. */
    long next() {
        var thread = striped ? Thread.currentThread().threadId() : 0;
        var stripe = stripes[(int) (thread ^ thread >>> STRIPE_BITS) & stripes.length - 1];
        var serial = stripe.next(0);
        for (var collected = false; serial == FULL; collected = true) {
            var room = takeRoom();
            if (room > 0) {
                serial = stripe.next(room);
            } else if (collected || !collectRoom()) {
                return FULL;
            }
        }
        return serial;
    }

    private int takeRoom() {
        for (var now = taken.get(); now < limit; now = taken.get()) {
            var room = Math.min(portion, limit - now);
            if (taken.compareAndSet(now, now + room)) {
                highWater = Math.max(highWater, size() + 1); // may be off by what others start at this moment
                return room;
            }
        }
        return 0;
    }

    private boolean collectRoom() {
        var before = taken.get();
        for (var stripe : stripes) {
            taken.addAndGet(-stripe.spare());
        }
        return taken.get() < before || taken.get() < limit;
    }

    /** The most there have been, to within what the stripes take at once. */
    int highWater() {
        return Math.max(highWater, size());
    }

    /**
     * A hash of a serial that keeps neighbours together: who keeps a crowd that was started in a row in a map walks
     * through memory in a row too, which is several times faster with a million. The second term spreads those that are
     * a power of two apart.
     */
    static int hash(long serial) {
        var slot = (int) (serial >>> STRIPE_BITS) & (1 << SLOT_BITS) - 1;
        var stripe = (int) serial & (1 << STRIPE_BITS) - 1;
        var generation = (int) (serial >>> SLOT_BITS + STRIPE_BITS);
        return slot + (slot >>> 6) + stripe * 0x9E3779B9 + generation * 0x85EBCA6B;
    }

    void put(LocalProcess process) {
        stripe(process.serial()).put(process);
    }

    void remove(LocalProcess process) {
        var room = stripe(process.serial()).remove(process, 2 * portion);
        if (room > 0) {
            taken.addAndGet(-room);
        }
    }

    /** Gives back a serial that was not put in. */
    void forget(long serial) {
        stripe(serial).forget(serial);
    }

    @Nullable
    LocalProcess find(long serial) {
        return stripe(serial).find(serial);
    }

    int size() {
        var sum = 0;
        for (var stripe : stripes) {
            sum += stripe.live;
        }
        return sum;
    }

    /** Visits each process that is alive during the whole visit, without holding anything up. */
    void forEach(Consumer<LocalProcess> visitor) {
        visit(
                0,
                process -> {
                    visitor.accept(process);
                    return true;
                },
                () -> true);
    }

    /**
     * The same, from a position on, until one of the two says false.
     *
     * @param from 0 for all, or where an earlier visit has ended
     * @param goOn asked now and then
     * @return where it ended; -1 if it is complete
     */
    long visit(long from, Predicate<LocalProcess> visitor, BooleanSupplier goOn) {
        var slot = (int) from;
        for (var stripe = (int) (from >>> Integer.SIZE); stripe < stripes.length; stripe++) {
            while (slot < stripes[stripe].unused) {
                var process = stripes[stripe].slots[slot]; // which grows by replacement: read anew each time
                slot++;
                if (process != null && process.isAlive() && !visitor.test(process)
                        || slot % STRETCH == 0 && !goOn.getAsBoolean()) {
                    return (long) stripe << Integer.SIZE | slot;
                }
            }
            slot = 0;
        }
        return -1;
    }

    /** How many places a visit looks at between two questions whether to go on. */
    private static final int STRETCH = 1024;

    private Stripe stripe(long serial) {
        return stripes[(int) serial & stripes.length - 1];
    }

    private static int slot(long serial) {
        return (int) (serial >>> STRIPE_BITS) & CAPACITY - 1;
    }

    private static final class Stripe {
        private final int number;
        private volatile @Nullable LocalProcess[] slots = new LocalProcess[64];

        /** For a free slot: the next free one; and how often each slot was used. */
        private int[] free = new int[64];

        private int[] uses = new int[64];
        private int firstFree = -1;

        /** Slots from here on have never been used. */
        private volatile int unused;

        private volatile int live;

        /** For how many more processes it has room without asking. */
        private int room;

        Stripe(int number) {
            this.number = number;
        }

        synchronized long next(int more) {
            room += more;
            if (room == 0) {
                return FULL;
            }
            var slot = firstFree;
            if (slot >= 0) {
                firstFree = free[slot];
            } else {
                slot = unused;
                if (slot == slots.length) {
                    grow(); // before it counts as used: who visits believes that number
                }
                unused = slot + 1;
            }
            room--;
            var generation = (uses[slot]++ & 0xffffffffL);
            live++;
            return generation << SLOT_BITS + STRIPE_BITS | (long) slot << STRIPE_BITS | number;
        }

        private void grow() {
            var length = slots.length * 2;
            free = Arrays.copyOf(free, length);
            uses = Arrays.copyOf(uses, length);
            slots = Arrays.copyOf(slots, length);
        }

        /** Gives up the room it does not use. */
        synchronized int spare() {
            var spare = room;
            room = 0;
            return spare;
        }

        synchronized void put(LocalProcess process) {
            slots[slot(process.serial())] = process;
        }

        /** Returns the room it gives up, if it has that much to spare. */
        synchronized int remove(LocalProcess process, int enough) {
            var slot = slot(process.serial());
            if (slots[slot] == process) {
                slots[slot] = null;
                release(slot);
            }
            if (room < enough) {
                return 0;
            }
            var half = room / 2;
            room -= half;
            return half;
        }

        synchronized void forget(long serial) {
            release(slot(serial));
        }

        private synchronized void release(int slot) {
            free[slot] = firstFree;
            firstFree = slot;
            live--;
            room++;
        }

        @Nullable
        LocalProcess find(long serial) {
            var slot = slot(serial);
            var array = slots;
            var process = slot < array.length ? array[slot] : null;
            return process != null && process.serial() == serial ? process : null;
        }
    }
}
