package dev.martlet.otp;

import dev.martlet.kernel.ExitReason;
import dev.martlet.kernel.Pid;
import dev.martlet.kernel.Proc;

/** Tells a listener when it starts ({@code +name}) and stops; "crash" crashes it, "shutdown" and other words end it. */
record Worker(String name, Pid listener) implements GenServer<String, String> {
    @Override
    public String init(Ref<String> self) {
        Proc.send(listener, "+" + name);
        return name;
    }

    @Override
    public Next<String> handle(String message, String state) {
        return switch (message) {
            case "crash" -> throw new IllegalStateException("boom");
            case "shutdown" -> stop(ExitReason.SHUTDOWN, state);
            case "kill" -> stop(ExitReason.KILLED, state);
            default -> stop(ExitReason.NORMAL, state);
        };
    }

    @Override
    public void terminate(ExitReason reason, String state) {
        Proc.send(listener, "-" + name);
    }
}
