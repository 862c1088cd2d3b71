package dev.martlet.kernel;

/** A name cannot be {@linkplain Node#register registered} because a living process has it. */
public final class NameTaken extends IllegalStateException {
    private static final long serialVersionUID = 1;

    private final transient Pid owner;

    NameTaken(String name, Pid owner) {
        super("the name " + name + " is taken by " + owner);
        this.owner = owner;
    }

    /** Who has it. */
    public Pid owner() {
        return owner;
    }
}
