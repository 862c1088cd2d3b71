package dev.martlet.otp;

/** Anything that can sit in a supervision tree: a server, a supervisor, an endpoint, a registry. */
public interface Supervised {
    /** How it is started, stopped and restarted. */
    Child child();
}
