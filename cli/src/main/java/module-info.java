/** The martlet command. Start at {@code Main}. */
module dev.martlet.cli {
    requires static org.jspecify;
    requires dev.martlet.showcase;
    requires dev.martlet.web;
    requires info.picocli;
    requires org.slf4j;

    // picocli sets the options by reflection.
    opens dev.martlet.cli to
            info.picocli;
}
