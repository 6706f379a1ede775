/** Idempotency of routes that change something: a change with the same key acts once. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type Answer, actOnce } from '../../../lib/write-requests/write-request-commands.ts';
import type { Tx } from '../../pools.ts';
import type { ApiEnv } from './resource.ts';

/** `request.headers` of such a route. Without the header, or with an invalid key, the request is `invalid_input`. */
export const KeyHeader = z.object({
  'Idempotency-Key': z
    .string('give a key of your own for this request')
    .regex(/^[0-9A-Za-z_-]{16,64}$/, 'give 16 to 64 letters, digits, hyphens or underscores')
    .meta({
      description:
        'Made by the client for one change, as a UUID, and sent again with the same change where the answer was lost: it is answered as the first time, with Idempotency-Replayed, and acts no more. Kept for seven days; a refused change leaves the key free',
      example: '0f8fad5b-d9cb-469f-a165-70867728950e',
    }),
});

/**
 * Runs a change in a transaction, once for each key of the caller, and returns the answer's body as JSON makes it. Sets
 * `Location`, and `Idempotency-Replayed` when the body is that of an earlier request.
 */
export async function writeOnce<T>(
  c: Context<ApiEnv>,
  body: unknown,
  act: (tx: Tx) => Promise<Answer<T>>,
): Promise<T> {
  const { actor, transact } = c.var.context;
  const key = c.req.header('idempotency-key') ?? '';
  const request = { key, route: `${c.req.method} ${c.req.path}`, body };
  const answer = await transact((tx) => actOnce(tx, actor, request, () => act(tx)));
  if (answer.location) c.header('location', answer.location);
  if (answer.replayed) c.header('idempotency-replayed', 'true');
  return answer.body;
}
