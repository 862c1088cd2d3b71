package dev.martlet.stress;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Pid;
import java.util.List;

/** What driver and workers say to each other, and what operations result in. */
sealed interface Message {
    /** The operand of an operation that means nobody: the process was never started. */
    String NOBODY = "none";

    /** An operation for a worker; ids of processes have become pids. */
    record Command(int step, String verb, List<Object> args) implements Message {
        Pid pid(int i) {
            return (Pid) args.get(i);
        }

        String text(int i) {
            return args.get(i).toString();
        }
    }

    /** The result of a {@link Command}. */
    record Done(Pid who, Object result) implements Message {}

    /** Asks for a {@link Mark} in the mailbox and how many other messages there are. */
    record Barrier(int step, int round) implements Message {}

    /** The answer. */
    record Count(Pid who, int round, int messages) implements Message {}

    /** Lies in a mailbox behind the messages of a step. */
    record Mark(int step) implements Message {}

    /** A message of the program. */
    record Text(String from, int number) implements Message {}

    /** A {@link dev.martlet.kernel.Down} with the program's name for its monitor. */
    record Ended(String monitor, Pid pid, ExitReason reason) implements Message {}

    /** Everything that was in a mailbox. */
    record Box(List<Object> messages) implements Message {}
}
