/**
 * `npm run -s prove -- NAME [--histories N] [--seed S]`: runs a property over N random histories and prints how many
 * held, or the smallest history that fails. `npm test` runs each over a few; this is for many.
 */
import { parseArgs } from 'node:util';
import { startServer } from '../db/private-server/private-server.ts';
import { cloneDatabase, type TestDatabase } from '../db/testing/database.ts';
import { downlinkHistories } from '../ingest/testing/downlink-histories.ts';
import { rollUpHistories } from '../lib/area-days/testing-area-day-histories.ts';
import { type HistoryProperty, proofText, proveHistories } from '../lib/testing/history.ts';
import { STATE } from './demo/product-processes.ts';
import { ArgumentFault, EXIT, runCommand } from './run-command.ts';
import { givenDatabaseUrl, untilStopped } from './with-database.ts';

/** Prepares a property over its own type of event, in its own database. */
type Ready = (database: TestDatabase) => HistoryProperty<unknown>;

const PROPERTIES: Record<string, Ready> = {
  rollup: (database) => forgetEvents(rollUpHistories(database)),
  downlink: (database) => forgetEvents(downlinkHistories(database)),
};

const USUAL_HISTORIES = 100;
const USAGE = `usage: npm run -s prove -- ${Object.keys(PROPERTIES).join(' | ')} [--histories N] [--seed S]`;

/** Erases the type of the events, which go from a property's own arbitrary to its own `live` only. */
function forgetEvents<Event>(property: HistoryProperty<Event>): HistoryProperty<unknown> {
  return {
    histories: property.histories,
    live: (history) => property.live(history as readonly Event[]),
  };
}

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
  const ready = PROPERTIES[name];
  if (!ready || more.length > 0) throw new ArgumentFault('name one property');
  const histories = numberOf('histories', values.histories, 1) ?? USUAL_HISTORIES;
  return { name, ready, histories, seed: numberOf('seed', values.seed, 0) };
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
    const { name, ready, histories, seed } = readArguments(args);
    return withServer(async (serverUrl) => {
      const database = await cloneDatabase(serverUrl);
      return untilStopped(database.close, async () => {
        const onHistory = (ran: number) => console.error(`${name}: ${ran} of ${histories} held`);
        const proof = await proveHistories(ready(database), { histories, seed, onHistory });
        console.log(proofText(name, proof));
        return proof.failure ? EXIT.failed : 0;
      });
    });
  },
});
