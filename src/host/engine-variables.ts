/** The variables that every process with the engine in it is started with. */

/**
 * glibc gives large blocks back to the system when they are freed, but takes ever larger ones for small once some were freed: what
 * weights needed while they were packed would stay with the process. A threshold that is set stays where it is. Of no effect elsewhere;
 * the user's own goes before.
 */
export const engineVariables = (): NodeJS.ProcessEnv => ({ MALLOC_MMAP_THRESHOLD_: String(1 << 20), ...process.env })
