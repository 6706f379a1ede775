/** Pool whose connections end with the request that they work for, so that no statement continues after it. */
import { connect } from 'node:net';
import type { PostgresPool } from 'kysely';
import type pg from 'pg';

/** Fields of the driver's connection that its types lack. */
type LentClient = pg.PoolClient & {
  readonly host: string;
  readonly port: number;
  readonly processID: number;
  readonly secretKey: number;
};

/** Interval of repeated cancellations: one that arrives before its statement has no effect. */
const CANCEL_EVERY_MS = 500;

/**
 * Lends connections of `pool` until `signal` aborts. Then the server cancels the running statement, no other is
 * started, and the connection is closed on release, so that a late cancellation cannot hit a statement of another
 * request.
 */
export function lendUntil(pool: pg.Pool, signal: AbortSignal): PostgresPool {
  const connectClient = async (): Promise<LentClient> => {
    // The driver's types leave out what it keeps of a connection.
    const client = (await pool.connect()) as LentClient;
    const giveBack = client.release.bind(client);
    const query = client.query;
    if (signal.aborted) {
      giveBack();
      throw signal.reason;
    }
    let again: NodeJS.Timeout | undefined;
    const end = (): void => {
      // Thrown, not a rejected promise: a caller that asks for a cursor does not await one.
      client.query = () => {
        throw signal.reason;
      };
      void requestCancel(client);
      again = setInterval(() => void requestCancel(client), CANCEL_EVERY_MS);
    };
    signal.addEventListener('abort', end, { once: true });
    client.release = () => {
      signal.removeEventListener('abort', end);
      clearInterval(again);
      client.query = query;
      giveBack(signal.aborted);
    };
    return client;
  };
  return { connect: connectClient, end: async () => undefined };
}

const CANCEL_REQUEST = 80_877_102;

/**
 * Asks the server to cancel a connection's statement ("Canceling Requests in Progress" in the protocol chapter of
 * PostgreSQL's manual): over a separate connection outside of any pool, with the key that the server gave to the
 * connection. Resolves when the server has closed it, or could not be reached.
 */
function requestCancel({ host, port, processID, secretKey }: LentClient): Promise<void> {
  const request = Buffer.alloc(16);
  for (const [at, word] of [request.length, CANCEL_REQUEST, processID, secretKey].entries()) {
    request.writeInt32BE(word, at * 4);
  }
  return new Promise((resolve) => {
    const socket = host.startsWith('/')
      ? connect(`${host}/.s.PGSQL.${port}`)
      : connect({ host, port });
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.end(request);
  });
}
