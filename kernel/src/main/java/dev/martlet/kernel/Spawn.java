package dev.martlet.kernel;

import java.util.Optional;

/**
 * How to start a process: an immutable value, each method returns a changed copy.
 *
 * {@snippet :
 * var pid = Node.current().spawn(Spawn.DEFAULT.linked().label("importer").mailbox(10_000, Overflow.BLOCK), receiver);
 * }
 *
 * @param link whether to link to the spawning process, in one step with the start
 * @param orderly whether an exit signal of the process it is linked to as it starts is a request to stop: the process
 *     finishes the message it handles, and {@link Receiver#stopped} runs; so even if it traps exits. For servers only
 * @param trapExit whether the process begins with {@link Proc#trapExit(boolean)} on
 * @param priority how eagerly it is run
 * @param name a name to {@linkplain Node#register register} before it runs; the start fails if it is taken
 * @param label what inspectors and crash reports call it
 * @param mailbox how much may wait in its mailbox, and what happens to the rest
 */
public record Spawn(
        boolean link,
        boolean orderly,
        boolean trapExit,
        Priority priority,
        Optional<String> name,
        String label,
        Mailbox mailbox) {

    /** 100,000 messages, the sender waits when there are more, normal priority, no links. */
    public static final Spawn DEFAULT =
            new Spawn(false, false, false, Priority.NORMAL, Optional.empty(), "", Mailbox.DEFAULT);

    /** Linked to the process that spawns it. */
    public Spawn linked() {
        return new Spawn(true, orderly, trapExit, priority, name, label, mailbox);
    }

    /** Linked, and stopped in an orderly way by the process that spawns it. */
    public Spawn linkedOrderly() {
        return new Spawn(true, true, trapExit, priority, name, label, mailbox);
    }

    /** Exit signals become {@link Exit} messages from the first moment on. */
    public Spawn trappingExits() {
        return new Spawn(link, orderly, true, priority, name, label, mailbox);
    }

    /** With that priority. */
    public Spawn priority(Priority priority) {
        return new Spawn(link, orderly, trapExit, priority, name, label, mailbox);
    }

    /** Registered under that name before its code runs. */
    public Spawn named(String name) {
        return new Spawn(link, orderly, trapExit, priority, Optional.of(name), label, mailbox);
    }

    /** With that label. */
    public Spawn label(String label) {
        return new Spawn(link, orderly, trapExit, priority, name, label, mailbox);
    }

    /** With at most that many waiting messages. */
    public Spawn mailbox(int maxMessages, Overflow overflow) {
        return mailbox(Mailbox.of(maxMessages).overflow(overflow));
    }

    /** With that mailbox. */
    public Spawn mailbox(Mailbox mailbox) {
        return new Spawn(link, orderly, trapExit, priority, name, label, mailbox);
    }
}
