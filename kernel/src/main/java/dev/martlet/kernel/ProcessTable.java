package dev.martlet.kernel;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every live process of a node. It gives them their serials, finds one by it, and keeps body processes reachable: the
 * JDK may collect a parked virtual thread that nothing refers to.
 *
 * <p>Striped by thread, so that spawning scales: each stripe is an array with a free list, behind its own lock. A serial
 * is {@code generation | slot | stripe}; with 40 bits of generation a slot would have to be used a trillion times
 * before a serial comes back.
 */
final class ProcessTable {
    private static final int STRIPE_BITS = 4;
    private static final int SLOT_BITS = 24;

    /** How many processes a node may hold, in each of its 16 stripes. */
    static final int STRIPE_CAPACITY = 1 << SLOT_BITS;

    private final Stripe[] stripes = new Stripe[1 << STRIPE_BITS];
    private final boolean striped;

    /**
     * With no processes.
     *
     * @param striped whether threads give different serials; a simulation gives the same again in each run
     */
    ProcessTable(boolean striped) {
        this.striped = striped;
        for (var i = 0; i < stripes.length; i++) {
            stripes[i] = new Stripe(i);
        }
    }

    /** Takes a serial; its process is found by it after {@link #put}. */
    long next() {
        var thread = striped ? Thread.currentThread().threadId() : 0;
        return stripes[(int) (thread ^ thread >>> STRIPE_BITS) & stripes.length - 1].next();
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
        stripe(process.serial()).remove(process);
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
        for (var stripe : stripes) {
            for (var slot = 0; ; slot++) {
                var slots = stripe.slots; // grows by replacement: read it anew
                if (slot >= slots.length) {
                    break;
                }
                var process = slots[slot];
                if (process != null && process.isAlive()) {
                    visitor.accept(process);
                }
            }
        }
    }

    private Stripe stripe(long serial) {
        return stripes[(int) serial & stripes.length - 1];
    }

    private static int slot(long serial) {
        return (int) (serial >>> STRIPE_BITS) & STRIPE_CAPACITY - 1;
    }

    private static final class Stripe {
        private final int number;
        private volatile @Nullable LocalProcess[] slots = new LocalProcess[64];

        /** For a free slot: the next free one; and how often each slot was used. */
        private int[] free = new int[64];

        private int[] uses = new int[64];
        private int firstFree = -1;
        private int unused;
        private volatile int live;

        Stripe(int number) {
            this.number = number;
        }

        synchronized long next() {
            var slot = firstFree;
            if (slot >= 0) {
                firstFree = free[slot];
            } else {
                slot = unused++;
                if (slot == slots.length) {
                    grow();
                }
            }
            var generation = (uses[slot]++ & 0xffffffffL);
            live++;
            return generation << SLOT_BITS + STRIPE_BITS | (long) slot << STRIPE_BITS | number;
        }

        private void grow() {
            var length = slots.length * 2;
            if (length > STRIPE_CAPACITY) {
                throw new IllegalStateException(
                        "this node holds " + live * (1 << STRIPE_BITS) + " processes, which is as many as it can");
            }
            free = Arrays.copyOf(free, length);
            uses = Arrays.copyOf(uses, length);
            slots = Arrays.copyOf(slots, length);
        }

        synchronized void put(LocalProcess process) {
            slots[slot(process.serial())] = process;
        }

        synchronized void remove(LocalProcess process) {
            var slot = slot(process.serial());
            if (slots[slot] == process) {
                slots[slot] = null;
                free[slot] = firstFree;
                firstFree = slot;
                live--;
            }
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
