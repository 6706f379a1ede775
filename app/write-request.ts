'use client';

import { useRef } from 'react';
import { ApiError, newRequestKey } from './api-client.ts';

/** How a form sends a change so that it acts once: its Idempotency-Key, and when it is sent again by itself. */

const RETRIES = 3;
const RETRY_AFTER_MS = 2_000;

/**
 * For `useMutation`: a lost answer, or a first request that is being worked on. The request is sent again up to three times, with its own
 * key; anything that was refused is not.
 */
export const sentAgain = {
  retry: (count: number, error: Error): boolean =>
    count < RETRIES &&
    error instanceof ApiError &&
    (error.code === 'offline' || error.retryAfterS !== undefined),
  retryDelay: (_: number, error: Error): number =>
    error instanceof ApiError && error.retryAfterS !== undefined
      ? error.retryAfterS * 1_000
      : RETRY_AFTER_MS,
};

/** The keys of the changes that one form sends. */
export interface RequestKeys {
  /** The header of a change: the same for the same change, as long as it was not done. */
  headerOf: (change: unknown) => { 'Idempotency-Key': string };
  /** The change was done: the same once more is another change. */
  done: (change: unknown) => void;
}

export function requestKeys(newKey: () => string = newRequestKey): RequestKeys {
  const keys = new Map<string, string>();
  return {
    headerOf: (change) => {
      const name = JSON.stringify(change);
      const key = keys.get(name) ?? newKey();
      keys.set(name, key);
      return { 'Idempotency-Key': key };
    },
    done: (change) => void keys.delete(JSON.stringify(change)),
  };
}

/** The keys of a form, for as long as it is open. */
export function useRequestKeys(): RequestKeys {
  const keys = useRef<RequestKeys>(null);
  keys.current ??= requestKeys();
  return keys.current;
}
