import { cache } from 'react';

/**
 * Instant of a request: the one read of the clock, passed on to all code that works for the request. Cached by React
 * for the parts of one page; API routes and sign-ins, where nothing is cached, read it once each.
 */
export const requestInstant = cache((): Date => new Date());
