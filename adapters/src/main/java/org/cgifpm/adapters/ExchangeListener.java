package org.cgifpm.adapters;

/** What happens to an {@link Exchange} from the front end's side. Called on the loop thread. */
public interface ExchangeListener {
    /** {@link Exchange#room} is above zero again. */
    default void writable() {}

    /**
     * Nobody waits for the answer any more: the connection closed or the front end sent ABORT_REQUEST. Called at most
     * once, and not after {@link Exchange#end} or {@link Exchange#cut}.
     */
    void aborted(String why);

    /** The whole body has arrived, of a filter its data too, though it need not have been taken yet. */
    default void bodyReceived() {}

    /** More body, or data of a filter, than the pool allows has come in. Answer 413 or {@link Exchange#cut}; the rest is thrown away. */
    default void bodyTooLarge() {}
}
