/** What every process that runs the engine is started with; the user's own variables go before. */

/**
 * glibc gives large blocks back to the system when they are freed, but takes ever larger ones for small once some were freed: what
 * weights needed while they were packed stayed with the process, 1.3 GB in place of 0.5 for the published denoiser in 8 bits. A
 * threshold that is set stays where it is. Of no effect elsewhere.
 */
export const engineVariables: Readonly<Record<string, string>> = { MALLOC_MMAP_THRESHOLD_: String(1 << 20) }
