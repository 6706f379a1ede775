import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUtility } from '../../db/testing/fixtures.ts';
import { eventually, type IngestBench, metricOf, startTestIngest } from '../testing/ingest.ts';
import { trySignIn } from '../testing/sign-in.ts';
import { registerTerminal, type TestTerminal } from '../testing/terminal.ts';

// However many unknown clients sign in from other addresses, a registered terminal signs in at its first try.
let bench: IngestBench;
let honest: TestTerminal[];
const IN_FLIGHT = 2500;
const held: Socket[] = [];

beforeAll(async () => {
  bench = await startTestIngest();
  const utilityId = await createUtility(bench.database.adminPool);
  honest = [];
  for (let at = 0; at < 20; at += 1)
    honest.push(await registerTerminal(bench.database.adminPool, utilityId));
});
afterAll(async () => {
  for (const socket of held) socket.destroy();
  await bench?.close();
});

interface UnknownClients {
  answered(): number;
  stop(): Promise<void>;
}

/** Keeps that many CONNECTs of unregistered numbers in flight, from a few addresses. */
function unknownClients(inFlight: number, addresses: readonly string[]): UnknownClients {
  let stopped = false;
  let answered = 0;
  const one = async (first: number) => {
    for (let at = first; !stopped; at += inFlight) {
      const localAddress = addresses[at % addresses.length];
      await trySignIn({
        ...{ port: bench.ingest.mqttPort, secret: 'any', localAddress },
        terminalNumber: `9${at}`,
      });
      answered += 1;
    }
  };
  const all = Array.from({ length: inFlight }, (_, at) => one(at));
  return {
    answered: () => answered,
    stop: async () => {
      stopped = true;
      await Promise.all(all);
    },
  };
}

function honestCodes(localAddress: string): Promise<(number | 'closed')[]> {
  return Promise.all(
    honest.map(async ({ terminalNumber, secret }) => {
      const port = bench.ingest.mqttPort;
      const { code, socket } = await trySignIn({ port, terminalNumber, secret, localAddress });
      held.push(socket);
      return code;
    }),
  );
}

describe("a registered terminal's sign-in", () => {
  it.each([
    ['from an address of its own', '127.0.0.1', ['127.0.0.2', '127.0.0.3', '127.0.0.4']],
    ['from the address of the others, its number known', '127.0.0.5', ['127.0.0.5']],
  ] as const)('%s passes while 2,500 others are in flight', async (_, address, addresses) => {
    const flood = unknownClients(IN_FLIGHT, addresses);
    try {
      await eventually(
        async () => flood.answered(),
        (count) => count > IN_FLIGHT,
        30_000,
      );
      expect(await honestCodes(address)).toEqual(honest.map(() => 0));
    } finally {
      await flood.stop();
    }
    const refused = await metricOf(
      bench.ingest,
      'kenshin_connections_refused_total{reason="unknown_terminal"}',
    );
    expect(refused).toBeGreaterThan(1000);
  });
});
