/** TCP proxy before the database whose connections a test can hold, cut and restore. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface DatabaseLine {
  /** The database's URL through the proxy. */
  url: string;
  /** Number of connections refused while it was cut. */
  refused(): number;
  /** Holds the answers of existing connections until `release`; new connections are answered. */
  hold(): void;
  release(): void;
  /** Breaks every connection and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** A connection to the proxy, with the proxy's own to the database. */
interface Pair {
  near: Socket;
  far: Socket;
  isHeld: boolean;
}

export async function proxyTo(databaseUrl: string): Promise<DatabaseLine> {
  const target = new URL(databaseUrl);
  const pairs = new Set<Pair>();
  let isCut = false;
  let refused = 0;
  const server = createServer((near) => {
    near.on('error', () => undefined);
    if (isCut) {
      refused += 1;
      near.destroy();
      return;
    }
    const pair = pairUp(near, connect(Number(target.port || 5432), target.hostname));
    pairs.add(pair);
    near.on('close', () => pairs.delete(pair));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  url.hostname = '127.0.0.1';
  const breakAll = () => {
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
  };
  return {
    url: url.toString(),
    refused: () => refused,
    hold: () => {
      for (const pair of pairs) {
        pair.isHeld = true;
        pair.far.unpipe(pair.near);
      }
    },
    release: () => {
      for (const pair of pairs) {
        // A second pipe would write every answer twice, and the driver would take the copy for the answer to its next
        // query.
        if (pair.isHeld) pair.far.pipe(pair.near);
        pair.isHeld = false;
      }
    },
    cut: () => {
      isCut = true;
      breakAll();
    },
    mend: () => {
      isCut = false;
    },
    close: async () => {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Forwards both sides to each other; when one ends, both do. */
function pairUp(near: Socket, far: Socket): Pair {
  far.on('error', () => near.destroy());
  near.on('close', () => far.destroy());
  far.on('close', () => near.destroy());
  near.pipe(far);
  far.pipe(near);
  return { near, far, isHeld: false };
}
