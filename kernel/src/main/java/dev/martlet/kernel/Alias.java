package dev.martlet.kernel;

/**
 * A second address of a process, which its owner switches off when it wants nothing more from there: the way to wait for
 * an answer for a limited time without finding a late one in the mailbox later.
 *
 * {@snippet :
 * Alias reply = Proc.replyAlias();                       // good for one message
 * Proc.send(server, new Lookup("ann", reply));           // the server: Proc.send(lookup.reply(), new Found(user))
 * var found = Proc.receive(Duration.ofSeconds(1), m -> m instanceof Found f ? f : null);
 * if (found.isEmpty()) {
 *     Proc.unalias(reply);                               // what comes from now on is dropped
 * }
 * }
 *
 * <p>Rules:
 *
 * <ul>
 *   <li>Only its owner can make one ({@link Proc#alias()}, {@link Proc#replyAlias()}) and {@linkplain Proc#unalias
 *       switch it off}; anybody who was told of it can send to it. The end of the owner is its end too.
 *   <li>A message through an inactive alias is dropped and counted ({@link Node.Counts#toInactiveAlias()}). One that was
 *       in the mailbox before the alias was switched off stays there; after {@link Proc#unalias} has returned none comes
 *       in any more.
 *   <li>Messages of one sender keep their order, whether they are sent to the pid or to its alias.
 *   <li>The one message of a reply alias is admitted to a full mailbox, as replies are. For other aliases the mailbox'
 *       limits hold.
 * </ul>
 *
 * <p>After Erlang's <a href="https://www.erlang.org/doc/system/ref_man_processes.html#process-aliases">process
 * aliases</a>; {@link Proc#call} needs none, its reply has a slot of its own.
 */
public final class Alias {
    private final LocalProcess owner;
    private final boolean once;

    /** Guarded by this. */
    private boolean active = true;

    Alias(LocalProcess owner, boolean once) {
        this.owner = owner;
        this.once = once;
    }

    /** Whose it is. */
    public Pid pid() {
        return owner;
    }

    /** Whether a message sent now would arrive. */
    public boolean isActive() {
        synchronized (this) {
            return active && owner.isAlive();
        }
    }

    boolean deactivate() {
        synchronized (this) {
            var was = active;
            active = false;
            return was;
        }
    }

    void send(Object message) {
        synchronized (this) {
            if (!active) {
                owner.node.reports.dropped(owner, message, KernelEvent.Cause.INACTIVE_ALIAS);
                return;
            }
        }
        var letter = new Through(message, this);
        var posted = owner.send(letter, TimeSource.NEVER);
        // It has its place now: what happens to the alias from here on does not concern it. In a simulation it may be
        // on
        // its way still.
        if (posted == LocalProcess.Posted.ACCEPTED && owner.node.simulation == null) {
            letter.isAdmitted();
        }
    }

    @Override
    public String toString() {
        return "#Alias<" + owner.node() + "." + owner.serial() + (once ? ", once>" : ">");
    }

    /**
     * A message sent through an alias. It is in the mailbox already when it is decided whether it arrives, by its sender
     * or by its receiver, whoever is first: so no lock is held while it is sent, which may take a while, and still none
     * arrives that was sent after the alias was switched off.
     */
    private static final class Through extends Letter {
        private final Alias alias;

        /** Guarded by the alias. */
        private boolean decided;

        private boolean admitted;

        Through(Object message, Alias alias) {
            super(message, alias.once ? SIGNAL : NORMAL);
            this.alias = alias;
        }

        boolean isAdmitted() {
            synchronized (alias) {
                if (!decided) {
                    decided = true;
                    admitted = alias.active;
                    alias.active &= !alias.once;
                }
                return admitted;
            }
        }

        @Override
        boolean isCancelled() {
            if (isAdmitted()) {
                return false;
            }
            alias.owner.node.reports.dropped(alias.owner, message, KernelEvent.Cause.INACTIVE_ALIAS);
            return true;
        }
    }
}
