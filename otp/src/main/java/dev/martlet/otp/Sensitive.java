package dev.martlet.otp;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what must never be seen in a crash report, a trace or a status: it is shown as {@code ***}.
 *
 * {@snippet :
 * record Login(String user, @Sensitive String password) implements Msg {}      // shown as Login[user=ann, password=***]
 *
 * @Sensitive
 * record ApiKey(String value) {}                                               // shown as *** wherever it is
 * }
 *
 * <p>It reaches what is inside records, collections, maps, arrays and {@code Optional}; any other class is shown by its
 * {@code toString}. The text of an exception is not looked into: do not put secrets there. For what this cannot say
 * override {@link GenServer#formatStatus}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
public @interface Sensitive {}
