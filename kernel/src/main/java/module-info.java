/** Processes for the JVM: cheap, isolated, linked, supervised. Start at {@link dev.martlet.kernel.Proc}. */
module dev.martlet.kernel {
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires static jdk.jfr;

    exports dev.martlet.kernel;
}
