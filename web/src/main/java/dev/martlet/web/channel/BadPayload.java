package dev.martlet.web.channel;

import java.util.LinkedHashMap;
import java.util.Map;

/** A payload is not what was asked for. A channel that lets it pass answers the client with {@link #response}. */
public final class BadPayload extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String field;
    private final String problem;

    BadPayload(String field, String problem) {
        super(field.isEmpty() ? problem : "field " + field + ": " + problem, null, false, false);
        this.field = field;
        this.problem = problem;
    }

    /** Which field, as in {@code author.name} or {@code tags[2]}; empty if it is about the whole payload. */
    public String field() {
        return field;
    }

    /** What is wrong with it. */
    public String problem() {
        return problem;
    }

    /** What the client is told: {@code reason} is {@code bad payload}, with {@code field} and {@code problem}. */
    public Map<String, String> response() {
        var response = new LinkedHashMap<String, String>();
        response.put("reason", "bad payload");
        if (!field.isEmpty()) {
            response.put("field", field);
        }
        response.put("problem", problem);
        return response;
    }
}
