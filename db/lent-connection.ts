/** A pool whose connections are given up when the request that they work for has ended: no statement runs on for nobody. */
import { connect } from 'node:net';
import type { PostgresPool } from 'kysely';
import type pg from 'pg';

/** What the driver keeps of a connection and its types do not tell. */
type LentClient = pg.PoolClient & {
  readonly host: string;
  readonly port: number;
  readonly processID: number;
  readonly secretKey: number;
};

/** A cancellation that overtakes the statement it is meant for is in vain: it is asked for again. */
const CANCEL_EVERY_MS = 500;

/**
 * Lends connections of `pool` until `signal` aborts. Then the server ends the statement that runs, no other is begun, and
 * the connection is closed when it is given back, so that a cancellation that comes late meets nobody else's work.
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
      // Thrown, not a rejected promise: a caller that asks for a cursor awaits none, and nobody would take it.
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
 * Asks the server to end what a connection runs ("Canceling Requests in Progress" in the protocol chapter of PostgreSQL's
 * manual): a connection of its own carries the request and nothing else. It needs no right but the key that the server
 * gave to the connection, and no place in a pool.
 * Settles when the server has closed it, or could not be reached.
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
