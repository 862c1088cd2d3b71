/** OTP's behaviours in plain Java. Start at {@link dev.martlet.otp.GenServer}. */
@SuppressWarnings("requires-automatic") // config names its module in its manifest only
module dev.martlet.otp {
    requires static transitive org.jspecify;
    requires transitive dev.martlet.kernel;
    requires jdk.unsupported; // SIGTERM and Ctrl-C, see Signals
    requires org.slf4j;
    requires typesafe.config;

    exports dev.martlet.otp;
    exports dev.martlet.otp.test;
}
