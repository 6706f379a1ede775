/** Runs once when the web process starts, before it serves; and when a page fails. */
import type { Instrumentation } from 'next';
import { noteSocketAddresses } from './app/client-address.ts';

export function register(): void {
  noteSocketAddresses();
}

/** A page or an action that failed. What anybody can cause, and a database that is away, is no fault of ours. */
export const onRequestError: Instrumentation.onRequestError = async (error, request) => {
  const { logPageFault } = await import('./app/page-fault.ts');
  logPageFault(error, request);
};
