import { cache } from 'react';

/**
 * The instant of a request, where it is read from the clock: everything that works for the request is handed it. The
 * parts of one page have the same; a route of the API or a sign-in asks once, for there is nothing that keeps it.
 */
export const requestInstant = cache((): Date => new Date());
