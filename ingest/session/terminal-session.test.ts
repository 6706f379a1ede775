import { PassThrough } from 'node:stream';
import type { Client } from 'aedes';
import { expect, it } from 'vitest';
import { TokenBucket } from '../../lib/token-bucket.ts';
import type { CutReason } from '../metrics.ts';
import { Connection, TerminalSession, UplinkFrame } from './terminal-session.ts';

function session(): TerminalSession {
  const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, 0);
  return new TerminalSession('1', {
    frames: bucket,
    control: bucket,
    faults: bucket,
    repeats: bucket,
    commands: bucket,
    settings: bucket,
  });
}

it('an abandoned frame ends the connections of its copies too', () => {
  const terminal = session();
  const cuts: CutReason[] = [];
  const connections = [1, 2].map(() => {
    const conn = new PassThrough();
    // A connection uses these three members of the broker's client.
    const client = { closed: false, close: () => undefined, conn } as unknown as Client;
    return new Connection(client, terminal, { openedAtMs: 0, ownerGeneration: 1 }, (_, reason) =>
      cuts.push(reason),
    );
  });
  const [first, copy] = connections.map(
    (connection) => new UplinkFrame(connection, Buffer.alloc(0), 0, () => undefined),
  );
  first!.copies = [copy!];
  first!.abandon('too_many_faults');
  expect(connections.map(({ closed }) => closed)).toEqual([true, true]);
  expect(cuts).toEqual(['too_many_faults', 'too_many_faults']);
});
