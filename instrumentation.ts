/** Runs once when the web process starts, before it serves; and when a page fails. */
import type { Instrumentation } from 'next';
import { noteSocketAddresses } from './app/client-address.ts';

export function register(): void {
  noteSocketAddresses();
}

/**
 * A page or an action that failed. What any client can cause, and an unreachable database, is not an error of the site.
 */
export const onRequestError: Instrumentation.onRequestError = async (error, request) => {
  const { logPageFault } = await import('./app/page-fault.ts');
  logPageFault(error, request);
};
