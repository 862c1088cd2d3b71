package dev.martlet.kernel;

/**
 * The code of a <em>server</em> process: one that holds no stack while it is idle. A message makes it runnable, a
 * worker thread calls {@link #receive}; the calls are strictly one after the other, each sees what the one before did,
 * and each may block. Behaviours such as GenServer are built on it; for a process with a flow of its own use
 * {@link Proc#spawn(Proc.Body)}.
 *
 * {@snippet :
 * Pid printer = Node.current().spawn(Spawn.DEFAULT, new Receiver() {
 *     public void receive(Object message) {
 *         System.out.println(message);
 *     }
 * });
 * Proc.send(printer, "hello");
 * }
 *
 * <p>Throwing ends the process with {@link ExitReason.Crashed}; {@link Proc#exit(ExitReason)} ends it with a reason.
 */
public interface Receiver {
    /** Runs first, in the new process. */
    default void started() throws Exception {}

    /** Handles one message, a {@link Down} or {@link Exit} among them. */
    void receive(Object message) throws Exception;

    /** Handles a message sent with {@link Proc#call}; without an answer or {@link Caller#defer} it crashes. */
    default void request(Object message, Caller caller) throws Exception {
        throw new IllegalStateException(getClass().getName() + " answers no calls; got: " + message
                + ". Send it with Proc.send, or override Receiver.request.");
    }

    /** Answers a {@linkplain Proc#system system request}; a behaviour that knows it overrides this. */
    default void system(Object request, Caller caller) throws Exception {
        caller.reply(new UnsupportedOperationException(
                getClass().getName() + " answers no system requests; got: " + request));
    }

    /** What {@link Inspector inspectors} call its code; a behaviour says the class it runs. */
    default Class<?> code() {
        return getClass();
    }

    /** Whether {@link #stopped} reports crashes; otherwise the node logs them. */
    default boolean reportsCrashes() {
        return false;
    }

    /**
     * Runs last, in the process, while its links still hold, if it ends by its own code: a throw or
     * {@link Proc#exit(ExitReason)}. A process that is ended from outside does not come by here; trap exits to get
     * there.
     */
    default void stopped(ExitReason reason) {}
}
