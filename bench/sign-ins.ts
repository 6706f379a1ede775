// Sign-ins of terminals per second, from the TCP connection to CONNACK, and their cost in the sidecar and the database.
// Each terminal connects twice, the second time while its first connection is open. Sidecar and database are separate
// processes.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cloneDatabase } from '../db/testing/database.ts';
import { trySignIn } from '../ingest/testing/sign-in.ts';
import { certain, elementAt } from '../lib/certain.ts';
import { databaseMsOf, processorMsOf, round, startSidecar } from './ingest-processes.ts';
import { KEK, registerTerminals, UTILITIES } from './ingest-register.ts';

const TERMINALS = 4000;
/** Handshakes at the same time. */
const AT_ONCE = 200;

export interface SignInFigures {
  signIns: number;
  perS: number;
  p50Ms: number;
  p99Ms: number;
  /** Processor time per sign-in, of the sidecar and of the database's processes that serve it. */
  sidecarUs: number;
  databaseUs: number;
}

/** Runs the benchmark on a scratch database of the server and drops it again. The URL's role may create databases. */
export async function benchSignIns(
  serverUrl: string,
): Promise<{ first: SignInFigures; again: SignInFigures }> {
  const folder = mkdtempSync(join(tmpdir(), 'kenshin-bench-'));
  const database = await cloneDatabase(serverUrl);
  try {
    for (const utility of UTILITIES) {
      writeFileSync(join(folder, `${utility}.key`), KEK, { mode: 0o600 });
    }
    const terminals = await registerTerminals(database.adminPool, TERMINALS);
    const onProgress = (text: string) => console.error(text);
    const sidecar = await startSidecar({ database, folder, onProgress });
    const sockets: Socket[] = [];
    const usage = async () => ({
      sidecarMs: processorMsOf(certain(sidecar.process.pid, 'the number of the process')),
      databaseMs: await databaseMsOf(database),
    });
    const measure = async (): Promise<SignInFigures> => {
      const before = await usage();
      const startedAt = performance.now();
      const latenciesMs = await signInAll(terminals, sidecar.mqttPort, sockets);
      const seconds = (performance.now() - startedAt) / 1000;
      const after = await usage();
      const sorted = latenciesMs.sort((a, b) => a - b);
      const at = (share: number) =>
        round(elementAt(sorted, Math.floor(share * (sorted.length - 1))), 1);
      return {
        signIns: sorted.length,
        perS: Math.round(sorted.length / seconds),
        ...{ p50Ms: at(0.5), p99Ms: at(0.99) },
        sidecarUs: round(((after.sidecarMs - before.sidecarMs) * 1000) / sorted.length, 0),
        databaseUs: round(((after.databaseMs - before.databaseMs) * 1000) / sorted.length, 0),
      };
    };
    try {
      return { first: await measure(), again: await measure() };
    } finally {
      sidecar.process.kill('SIGKILL');
      for (const socket of sockets) socket.destroy();
    }
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Signs every terminal in and keeps the connections open; returns each one's duration. @throws Error when one is
 * refused.
 */
async function signInAll(
  terminals: Awaited<ReturnType<typeof registerTerminals>>,
  port: number,
  sockets: Socket[],
): Promise<number[]> {
  const waiting = [...terminals];
  const latenciesMs: number[] = [];
  const one = async () => {
    for (let terminal = waiting.pop(); terminal !== undefined; terminal = waiting.pop()) {
      const startedAt = performance.now();
      const { code, socket } = await trySignIn({
        ...{ port, terminalNumber: terminal.number, secret: terminal.secret },
      });
      if (code !== 0) throw new Error(`a sign-in was answered with ${code}`);
      latenciesMs.push(performance.now() - startedAt);
      sockets.push(socket);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return latenciesMs;
}
