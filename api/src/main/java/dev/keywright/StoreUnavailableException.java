package dev.keywright;

import org.jspecify.annotations.Nullable;

/**
 * The store cannot answer, and nothing was changed. For a verification this is neither a yes nor a no: try again later.
 */
public final class StoreUnavailableException extends KeywrightException {

    private static final long serialVersionUID = 1L;

    /**
     * Says that the store cannot answer.
     *
     * @param sentence for a person, without any detail of the store's insides
     * @param cause what lies behind it, for the operators; no secret and no digest may be found in it; null for nothing
     */
    public StoreUnavailableException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
