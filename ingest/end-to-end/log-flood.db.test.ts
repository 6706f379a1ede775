import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../log.ts';
import { eventually, type IngestBench, metricOf, startTestIngest } from '../testing/ingest.ts';
import { trySignIn } from '../testing/sign-in.ts';
import { connectTerminal, noise } from '../testing/terminal.ts';

// Neither unknown clients nor terminals can fill the log.
let bench: IngestBench;
let bytes = 0;
const lines: { msg: string; reason?: string; line?: string; suppressed?: number }[] = [];
const INTERVAL_MS = 60_000;
const LINES_OF_KIND = 20;

beforeAll(async () => {
  const destination = {
    write: (text: string) => {
      bytes += text.length;
      lines.push(JSON.parse(text));
    },
  };
  bench = await startTestIngest({
    log: createLog('info', destination),
    logBounds: { linesOfKind: LINES_OF_KIND, linesOfSource: 5, intervalMs: INTERVAL_MS },
  });
});
afterAll(() => bench?.close());

const refused = (reason: string) =>
  metricOf(bench.ingest, `kenshin_connections_refused_total{reason="${reason}"}`);

async function flood(count: number, at: (index: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < count; from += 100)
    await Promise.all(Array.from({ length: Math.min(100, count - from) }, (_, n) => at(from + n)));
}

describe('the log under a flood', () => {
  it('of CONNECTs, closed connections and bad frames has a few lines of each kind, and every one is counted', async () => {
    const port = bench.ingest.mqttPort;
    await flood(900, (at) => trySignIn({ port, terminalNumber: `77${at}`, secret: 'any' }));
    await flood(300, (at) => trySignIn({ port, terminalNumber: `x${at}`, secret: 'any' }));
    const terminal = await bench.terminal();
    const { terminalNumber } = terminal;
    await flood(300, () => trySignIn({ port, terminalNumber, secret: 'wrong' }));
    for (let at = 0; at < 30; at += 1) {
      const connection = await connectTerminal(bench.url, terminal);
      await connection.send(noise(40)).catch(() => undefined);
      connection.client.publish('t/1/up', noise(40), { qos: 1 }, () => undefined);
      await connection.ended;
    }
    expect(await refused('unknown_terminal')).toBe(900);
    expect(await refused('identity_mismatch')).toBe(300);
    expect(await refused('wrong_secret')).toBe(300);
    await eventually(
      () => metricOf(bench.ingest, 'kenshin_connections_cut_total{reason="foreign_topic"}'),
      (count) => count === 30,
    );
    const kinds = new Set(lines.map(({ msg, reason }) => `${msg} ${reason ?? ''}`));
    expect(lines.length).toBeLessThanOrEqual(kinds.size * LINES_OF_KIND);
    expect(kinds.size).toBeLessThan(10);
    // 1,590 events; a line of any kind has less than 200 bytes.
    expect(bytes).toBeLessThan(kinds.size * LINES_OF_KIND * 200);
    expect(lines.filter(({ msg }) => msg === 'connection ended')).toHaveLength(5);
    await bench.ingest.stop();
    const counts = lines.filter(({ msg }) => msg.startsWith('suppressed'));
    expect(counts.map(({ line, reason, suppressed }) => [line, reason, suppressed])).toEqual(
      expect.arrayContaining([
        ['connection refused', 'unknown_terminal', 880],
        ['connection refused', 'identity_mismatch', 295],
        ['connection refused', 'wrong_secret', 295],
        ['connection ended', 'foreign_topic', 25],
      ]),
    );
  });
});
