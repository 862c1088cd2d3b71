package dev.martlet.stress;

import java.util.List;

/**
 * One operation of a program. Its text is one line, as in {@code w0 exit2 w3 kill}, and means the same to both sides.
 *
 * @param actor who does it: {@code w0}, a worker; {@code s0c1}, a child of a supervisor, now; {@code d}, the driver
 * @param verb what
 * @param args with what; ids of processes among them
 */
record Step(String actor, String verb, List<String> args) {
    static Step of(String actor, String verb, String... args) {
        return new Step(actor, verb, List.of(args));
    }

    @Override
    public String toString() {
        return args.isEmpty() ? actor + " " + verb : actor + " " + verb + " " + String.join(" ", args);
    }
}
