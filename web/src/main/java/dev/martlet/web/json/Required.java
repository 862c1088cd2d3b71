package dev.martlet.web.json;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Parameter;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;

/** Says of each record component that it is required and not null, unless its type says that it may be absent. */
final class Required extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    private static final Set<Class<?>> OPTIONAL =
            Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

    @Override
    public Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
        return isRequired(member) ? Boolean.TRUE : super.hasRequiredMarker(config, member);
    }

    @Override
    public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
        return isRequired(annotated)
                ? JsonSetter.Value.forValueNulls(Nulls.FAIL)
                : super.findSetterInfo(config, annotated);
    }

    private static boolean isRequired(Annotated annotated) {
        return annotated instanceof AnnotatedParameter parameter
                && parameter.getDeclaringClass().isRecord()
                && !OPTIONAL.contains(parameter.getRawType())
                && !isNullable(parameter);
    }

    private static boolean isNullable(AnnotatedParameter parameter) {
        AnnotatedElement owner = parameter.getOwner().getAnnotated();
        if (owner instanceof java.lang.reflect.Executable executable) {
            Parameter[] parameters = executable.getParameters();
            return parameters[parameter.getIndex()].getAnnotatedType().isAnnotationPresent(Nullable.class);
        }
        return false;
    }
}
