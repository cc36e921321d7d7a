package dev.keywright.servlet;

import java.util.Objects;
import java.util.function.Function;

/** Signals a request with invalid input; the response is 400, with the message as its error sentence. */
final class BadRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadRequestException(String subject, String rule) {
        this(subject + " " + rule);
    }

    private BadRequestException(String sentence) {
        super(sentence);
    }

    String sentence() {
        return Objects.requireNonNull(getMessage());
    }

    /** Creates a value from client input. The message of the value's own check begins with the name of its JSON member. */
    static <A, T> T check(Function<? super A, ? extends T> factory, A input) {
        try {
            return factory.apply(input);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(Objects.requireNonNull(e.getMessage()));
        }
    }
}
