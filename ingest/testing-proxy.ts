/** A TCP proxy before the database whose line a test can hold, cut and mend. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface DatabaseLine {
  /** The database's URL by way of the proxy. */
  url: string;
  /** Connections that were refused while it was cut. */
  refused(): number;
  /** Answers of the database wait here until `release`, those over new connections too. */
  hold(): void;
  release(): void;
  /** Breaks every connection and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function proxyTo(databaseUrl: string): Promise<DatabaseLine> {
  const target = new URL(databaseUrl);
  const pairs = new Set<{ near: Socket; far: Socket }>();
  let isCut = false;
  let isHeld = false;
  let refused = 0;
  const server = createServer((near) => {
    near.on('error', () => undefined);
    if (isCut) {
      refused += 1;
      near.destroy();
      return;
    }
    const far = connect(Number(target.port || 5432), target.hostname);
    const pair = { near, far };
    pairs.add(pair);
    far.on('error', () => near.destroy());
    near.on('close', () => {
      far.destroy();
      pairs.delete(pair);
    });
    far.on('close', () => near.destroy());
    near.pipe(far);
    if (!isHeld) far.pipe(near);
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
      isHeld = true;
      for (const { near, far } of pairs) far.unpipe(near);
    },
    release: () => {
      // A second pipe would write every answer twice, and the driver would take the copy for the answer to its next query.
      if (!isHeld) return;
      isHeld = false;
      for (const { near, far } of pairs) far.pipe(near);
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
