package dev.martlet.otp;

import dev.martlet.kernel.Node;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;
import dev.martlet.kernel.Spawn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A supervisor of tasks: they belong to the tree instead of to whoever starts them, so a stop of the tree finds them and
 * nothing is left behind.
 *
 * {@snippet :
 * static final TaskSupervisor MAILS = TaskSupervisor.of("mails").maxChildren(100);
 *
 * Supervisor.of(ONE_FOR_ONE, child(MAILS));
 * MAILS.startChild(() -> mailer.send(welcome));                                  // and forget
 * MAILS.asyncNolink(() -> quote.fetch(id)).sendTo(self, Msg.Quoted::new);        // its failure is only told
 * var page = MAILS.async(() -> render(id)).await();                              // its failure is ours
 * }
 *
 * <p>Rules: tasks are never restarted. They end with the supervisor, each within the budget. Those of {@link #async} also
 * end with the process that started them; those of {@link #asyncNolink} and {@link #startChild} outlive it.
 *
 * <p>After Elixir's <a href="https://hexdocs.pm/elixir/Task.Supervisor.html">Task.Supervisor</a>.
 */
public final class TaskSupervisor implements Supervised {
    private final DynamicSupervisor supervisor;
    private final Duration grace;

    private TaskSupervisor(DynamicSupervisor supervisor, Duration grace) {
        this.supervisor = supervisor;
        this.grace = grace;
    }

    /** At most 1,000,000 tasks at a time, each with 5 s to end when it is asked to. */
    public static TaskSupervisor of(String name) {
        return new TaskSupervisor(DynamicSupervisor.of(name), Duration.ofSeconds(5));
    }

    /** One of its own with at most that many tasks at a time. */
    public TaskSupervisor maxChildren(int max) {
        return new TaskSupervisor(supervisor.maxChildren(max), grace);
    }

    /** One of its own that gives its tasks that long to end. */
    public TaskSupervisor shutdown(Duration grace) {
        return new TaskSupervisor(supervisor.maxRestarts(supervisor.maxRestarts, supervisor.period), grace);
    }

    /** A task that is supervised and linked to the calling process, see {@link Task#async}. */
    public <T extends @Nullable Object> Task<T> async(Callable<T> work) {
        if (!Proc.isProcess()) {
            return asyncNolink(work);
        }
        return start(work, Proc.self());
    }

    /** A task that is supervised and not linked to the caller, who may still wait for it. */
    public <T extends @Nullable Object> Task<T> asyncNolink(Callable<T> work) {
        return start(work, null);
    }

    /** Work that nobody waits for. */
    public Pid startChild(Proc.Body work) {
        return start(
                        () -> {
                            work.run();
                            return true;
                        },
                        null)
                .pid();
    }

    private <T extends @Nullable Object> Task<T> start(Callable<T> work, @Nullable Pid owner) {
        var computation = new Task.Computation<>(work, owner);
        Child.Start start = (Spawn spawn) -> Node.current().spawn(spawn, computation);
        var child = Child.of("Task", start).restart(Child.Restart.TEMPORARY).shutdown(grace);
        return new Task<>(supervisor.startChild(child), computation);
    }

    /** Ends a task, within the budget. Whether it was one of these. */
    public boolean terminateChild(Pid task) {
        return supervisor.terminateChild(task);
    }

    /** Its process. */
    public Pid pid() {
        return supervisor.pid();
    }

    /** Those that run now, in no order. */
    public List<Pid> children() {
        return supervisor.children().stream()
                .flatMap(status -> status.pid().stream())
                .toList();
    }

    /** How many run now. */
    public int count() {
        return supervisor.count();
    }

    @Override
    public Child child() {
        return supervisor.child();
    }
}
