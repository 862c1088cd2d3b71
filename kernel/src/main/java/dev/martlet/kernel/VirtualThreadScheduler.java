package dev.martlet.kernel;

/**
 * The scheduler of the public API: one virtual thread for each activation, on the JDK's scheduler. Blocking is free;
 * fairness is the JDK's: a busy loop keeps its carrier.
 */
final class VirtualThreadScheduler implements Scheduler {
    private final Thread.Builder activations = Thread.ofVirtual().name("martlet-server");

    @Override
    public void schedule(ServerProcess process) {
        activations.start(() -> {
            var context = new Context();
            context.enter();
            process.activate(context);
        });
    }

    @Override
    public Thread newThread(BodyProcess process, Runnable body) {
        return Thread.ofVirtual().name(process.toString()).unstarted(body);
    }

    @Override
    public void close() {}
}
