/** Runs once when the web process starts, before it serves. */
import { noteSocketAddresses } from './app/client-address.ts';

export function register(): void {
  noteSocketAddresses();
}
