/**
 * For every connection to the database: one that only waits must notice that nobody is at the other end. Left to
 * itself an operating system asks for the first time after two hours.
 */
export const keepAlive = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 };
