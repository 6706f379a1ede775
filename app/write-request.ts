'use client';

import { useRef } from 'react';
import { ApiError, newRequestKey } from './api-client.ts';

/** Sending a form's change so that it acts once: its Idempotency-Key, and automatic retries. */

const RETRIES = 3;
const RETRY_AFTER_MS = 2_000;

/**
 * Options for `useMutation`: after a lost answer, or while a first request is running, the request is sent again up to
 * three times
 * with the same key. A refused request is not.
 */
export const retryOptions = {
  retry: (count: number, error: Error): boolean =>
    count < RETRIES &&
    error instanceof ApiError &&
    (error.code === 'offline' || error.retryAfterS !== undefined),
  retryDelay: (_: number, error: Error): number =>
    error instanceof ApiError && error.retryAfterS !== undefined
      ? error.retryAfterS * 1_000
      : RETRY_AFTER_MS,
};

/** Idempotency keys of a form's changes. */
export interface RequestKeys {
  /** Header of a change; equal changes have the same key until `done`. */
  headerOf: (change: unknown) => { 'Idempotency-Key': string };
  /** Call it after success: an equal change then has a new key. */
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

/** Idempotency keys of a form while it is open. */
export function useRequestKeys(): RequestKeys {
  const keys = useRef<RequestKeys>(null);
  keys.current ??= requestKeys();
  return keys.current;
}
