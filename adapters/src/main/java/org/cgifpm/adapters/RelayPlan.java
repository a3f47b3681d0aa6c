package org.cgifpm.adapters;

import org.cgifpm.protocol.cgi.Params;

/**
 * A request for a persistent application.
 *
 * @param application the one that answers it; requests of equal {@link Application#key}s share their workers
 * @param params what the worker is given, in place of what the front end sent
 */
public record RelayPlan(Application application, Params params) implements Plan {}
