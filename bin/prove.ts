/**
 * `npm run -s prove -- NAME [--histories N] [--seed S]`: runs a property over N random histories and prints how many
 * held, or the smallest history that fails. `npm test` runs each over a few; this is for many.
 */
import { parseArgs } from 'node:util';
import { startServer } from '../db/private-server/private-server.ts';
import { cloneDatabase, type TestDatabase } from '../db/testing/database.ts';
import { downlinkHistories } from '../ingest/testing/downlink-histories.ts';
import { rollUpHistories } from '../lib/area-days/testing-area-day-histories.ts';
import { completenessHistories } from '../lib/closing/testing-completeness.ts';
import { telescopingHistories } from '../lib/closing/testing-telescoping.ts';
import {
  type Proof,
  type ProofPlan,
  proofText,
  proveBatches,
  proveHistories,
} from '../lib/testing/history.ts';
import { agreementHistories } from '../lib/validation/testing-agreement.ts';
import { STATE } from './demo/product-processes.ts';
import { ArgumentFault, EXIT, runCommand } from './run-command.ts';
import { givenDatabaseUrl, untilStopped } from './with-database.ts';

/** Proves a property over its own type of event, in its own database. */
type Prove = (database: TestDatabase, plan: ProofPlan) => Promise<Proof<unknown>>;

const PROPERTIES: Record<string, Prove> = {
  rollup: (database, plan) => proveHistories(rollUpHistories(database), plan),
  downlink: (database, plan) => proveHistories(downlinkHistories(database), plan),
  telescoping: (database, plan) => proveBatches(telescopingHistories(database), plan),
  completeness: (database, plan) => proveBatches(completenessHistories(database), plan),
  agreement: (database, plan) => proveBatches(agreementHistories(database), plan),
};

const USUAL_HISTORIES = 100;
const USAGE = `usage: npm run -s prove -- ${Object.keys(PROPERTIES).join(' | ')} [--histories N] [--seed S]`;

function numberOf(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new ArgumentFault(`--${option} ${text}: give a whole number from ${least}`);
}

function parse(args: readonly string[]) {
  const options = { histories: { type: 'string' }, seed: { type: 'string' } } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new ArgumentFault(error instanceof Error ? error.message : String(error));
  }
}

function readArguments(args: readonly string[]) {
  const { values, positionals } = parse(args);
  const [name = '', ...more] = positionals;
  const prove = PROPERTIES[name];
  if (!prove || more.length > 0) throw new ArgumentFault('name one property');
  const histories = numberOf('histories', values.histories, 1) ?? USUAL_HISTORIES;
  return { name, prove, histories, seed: numberOf('seed', values.seed, 0) };
}

/** Server for temporary databases: that of DATABASE_URL, else the checkout's own for tests. */
async function withServer(fn: (serverUrl: string) => Promise<number>): Promise<number> {
  const given = await givenDatabaseUrl();
  if (given) return fn(given);
  const onProgress = (text: string) => console.error(text);
  const around = { stateDir: STATE, name: 'test', environment: process.env, onProgress };
  const { adminUrl, stop } = await startServer(around);
  return untilStopped(stop, () => fn(adminUrl));
}

await runCommand({
  usage: USAGE,
  main: async (args) => {
    const { name, prove, histories, seed } = readArguments(args);
    return withServer(async (serverUrl) => {
      const database = await cloneDatabase(serverUrl);
      return untilStopped(database.close, async () => {
        const onHistory = (ran: number) => console.error(`${name}: ${ran} of ${histories} held`);
        const proof = await prove(database, { histories, seed, onHistory });
        console.log(proofText(name, proof));
        return proof.failure ? EXIT.failed : 0;
      });
    });
  },
});
