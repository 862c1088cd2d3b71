package dev.martlet.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A hierarchical timing wheel (Varghese and Lauck, 1987): starting and cancelling a timer take constant time, whatever
 * their number.
 *
 * <p>Time is cut into ticks of 2^18 ns, about a quarter of a millisecond. Level 0 has a slot for each of the next 256
 * ticks, level 1 one for each of the next 256 stretches of 256 ticks, and so on; five levels reach nine years, what is
 * later waits in the last slot and is looked at again. When the hand of a level comes round, the next slot of the level
 * above is dealt out below. A bit for each slot says whether it holds anything, so that an idle wheel is skipped
 * through, not ticked through, and its owner can sleep until something happens.
 *
 * <p>A timer is put into the tick that begins at or after its deadline: never early. Virtual time, which is moved by
 * hand, has ticks of 1 ns and so is exact.
 */
final class TimerWheel {
    /** Ticks of machine time. */
    static final int COARSE = 18;

    /** Ticks of virtual time. */
    static final int EXACT = 0;

    private final int tickShift;
    private static final int LEVEL_BITS = 8;
    private static final int SLOTS = 1 << LEVEL_BITS;
    private static final int LEVELS = 5;
    private static final long REACH = 1L << LEVEL_BITS * LEVELS;

    private final @Nullable Timer[] slots = new Timer[LEVELS * SLOTS];
    private final long[] occupied = new long[LEVELS * SLOTS / Long.SIZE];

    /** The tick that has been dealt with. */
    private long current;

    private volatile int size;

    TimerWheel(long now, int tickShift) {
        this.tickShift = tickShift;
        current = now >> tickShift;
    }

    /** Starts a timer. */
    synchronized void start(Timer timer) {
        timer.pending = true;
        size++;
        insert(timer);
    }

    synchronized boolean cancel(Timer timer) {
        if (!timer.pending) {
            return false;
        }
        timer.pending = false;
        size--;
        unlink(timer);
        return true;
    }

    synchronized boolean isPending(Timer timer) {
        return timer.pending;
    }

    /** How many are pending. */
    int size() {
        return size;
    }

    /**
     * Moves the hands to {@code now}.
     *
     * @return the timers that are due, in the order of their ticks, linked by {@code next}
     */
    synchronized @Nullable Timer advance(long now) {
        var target = now >> tickShift;
        Timer first = null;
        Timer last = null;
        while (current < target) {
            var next = nextTick();
            if (next > target) {
                current = target;
                break;
            }
            current = next;
            cascade();
            var index = (int) (current & SLOTS - 1);
            for (var timer = takeSlot(index); timer != null; ) {
                var after = timer.next;
                timer.pending = false;
                size--;
                timer.previous = null;
                timer.next = null;
                if (last == null) {
                    first = timer;
                } else {
                    last.next = timer;
                }
                last = timer;
                timer = after;
            }
        }
        return first;
    }

    /** When {@link #advance} has something to do next, in the nanoseconds it takes; {@link TimeSource#NEVER} if not. */
    synchronized long nextDeadline() {
        var tick = size == 0 ? Long.MAX_VALUE : nextTick();
        return tick == Long.MAX_VALUE ? TimeSource.NEVER : tick << tickShift;
    }

    private void insert(Timer timer) {
        var tick = timer.deadline + (1L << tickShift) - 1 >> tickShift;
        if (timer.deadline > Long.MAX_VALUE - (1L << tickShift)) {
            tick = Long.MAX_VALUE >> tickShift;
        }
        // The current tick has been dealt with; what is due already goes out with the next.
        tick = Math.min(Math.max(tick, current + 1), current + REACH - 1);
        var distance = tick - current;
        var level = 0;
        while (distance >= 1L << LEVEL_BITS * (level + 1)) {
            level++;
        }
        toSlot(timer, level * SLOTS + (int) (tick >> LEVEL_BITS * level & SLOTS - 1));
    }

    private void unlink(Timer timer) {
        var before = timer.previous;
        var after = timer.next;
        if (before == null) {
            slots[timer.slot] = after;
            if (after == null) {
                occupied[timer.slot >> 6] &= ~(1L << timer.slot);
            }
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        timer.previous = null;
        timer.next = null;
    }

    /** Empties a slot; its timers in the order they were started. */
    private @Nullable Timer takeSlot(int slot) {
        Timer oldestFirst = null;
        for (var timer = slots[slot]; timer != null; ) {
            var older = timer.next;
            timer.next = oldestFirst;
            oldestFirst = timer;
            timer = older;
        }
        slots[slot] = null;
        occupied[slot >> 6] &= ~(1L << slot);
        return oldestFirst;
    }

    /** Deals out the slots of the upper levels whose turn begins with the current tick, the highest first. */
    private void cascade() {
        var highest = 0;
        while (highest < LEVELS - 1 && (current & (1L << LEVEL_BITS * (highest + 1)) - 1) == 0) {
            highest++;
        }
        for (var level = highest; level > 0; level--) {
            var slot = level * SLOTS + (int) (current >> LEVEL_BITS * level & SLOTS - 1);
            for (var timer = takeSlot(slot); timer != null; ) {
                var after = timer.next;
                if (timer.deadline <= current << tickShift) {
                    toSlot(timer, (int) (current & SLOTS - 1)); // due in this very tick
                } else {
                    insert(timer);
                }
                timer = after;
            }
        }
    }

    private void toSlot(Timer timer, int slot) {
        var head = slots[slot];
        timer.slot = slot;
        timer.previous = null;
        timer.next = head;
        if (head != null) {
            head.previous = timer;
        }
        slots[slot] = timer;
        occupied[slot >> 6] |= 1L << slot;
    }

    /** The next tick at which a slot of level 0 is due or one of the levels above is dealt out. */
    private long nextTick() {
        var nearest = Long.MAX_VALUE;
        for (var level = 0; level < LEVELS; level++) {
            var hand = current >> LEVEL_BITS * level;
            var steps = stepsToOccupied(level, (int) (hand & SLOTS - 1));
            if (steps > 0) {
                nearest = Math.min(nearest, hand + steps << LEVEL_BITS * level);
            }
        }
        return nearest;
    }

    /** How far the next occupied slot of a level is from {@code from}, 1 to 256; 0 if there is none. */
    private int stepsToOccupied(int level, int from) {
        var words = SLOTS / Long.SIZE;
        var base = level * words;
        var start = from + 1;
        for (var i = 0; i <= words; i++) {
            var index = (start >> 6) + i & words - 1;
            var word = occupied[base + index];
            if (i == 0) {
                word &= -1L << start;
            } else if (i == words) {
                word &= (start & 63) == 0 ? 0 : ~(-1L << start);
            }
            if (word != 0) {
                var slot = index * Long.SIZE + Long.numberOfTrailingZeros(word);
                var steps = slot - from;
                return steps > 0 ? steps : steps + SLOTS;
            }
        }
        return 0;
    }
}
