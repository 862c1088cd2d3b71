/** OTP's behaviours in plain Java. Start at {@link dev.martlet.otp.GenServer}. */
module dev.martlet.otp {
    requires static transitive org.jspecify;
    requires transitive dev.martlet.kernel;
    requires org.slf4j;

    exports dev.martlet.otp;
    exports dev.martlet.otp.test;
}
