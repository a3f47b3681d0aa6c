package org.cgifpm.adapters;

/** What a request comes to once its script has been found and checked: a process of its own, started or forked, or a worker. */
public sealed interface Plan permits LaunchPlan, WarmPlan, RelayPlan {}
