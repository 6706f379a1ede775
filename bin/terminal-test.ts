/**
 * `npx tsx bin/terminal-test.ts --utility CODE --number DIGITS [--wait SECONDS]`: has a terminal answer a test, and says each step
 * when it is proven; `--test ID` instead of `--number` looks at one that was asked for before. Exits 0 when it is answered, else 1.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createDatabase, openPool, readAs, transactAs } from '../db/client.ts';
import type { SystemActor } from '../lib/actor.ts';
import { requestTerminalTest } from '../lib/terminals/test-commands.ts';
import { getTerminalTest } from '../lib/terminals/test-queries.ts';
import { followTest } from './follow-test.ts';
import { utilityIdOf } from './utility-id.ts';
import { withDatabase } from './with-database.ts';

const DEFAULT_WAIT_S = 30;

interface Asked {
  code: string;
  number: string | undefined;
  testId: number | undefined;
  waitMs: number;
}

function asked(): Asked {
  const text = { type: 'string' } as const;
  const options = { utility: text, number: text, test: text, wait: text };
  const { values } = parseArgs({ options });
  const { utility: code, number, test } = values;
  if (code === undefined) throw new Error('name the utility: --utility CODE');
  if ((number === undefined) === (test === undefined))
    throw new Error('name the terminal: --number DIGITS, or a test: --test ID');
  const waitS = Number(values.wait ?? DEFAULT_WAIT_S);
  const testId = test === undefined ? undefined : Number(test);
  if (!(waitS >= 0) || !Number.isInteger(testId ?? 0))
    throw new Error('--wait and --test take numbers');
  return { code, number, testId, waitMs: waitS * 1000 };
}

async function run({ code, number, testId, waitMs }: Asked): Promise<void> {
  await withDatabase(async ({ adminUrl, appUrl }) => {
    const utilityId = await utilityIdOf(adminUrl, code);
    const actor: SystemActor = { kind: 'system', utilityId, name: 'terminal-test' };
    const pool = openPool(appUrl, { applicationName: 'kenshin terminal test', max: 1 });
    const db = createDatabase(pool);
    try {
      const id =
        number === undefined
          ? testId!
          : (
              await transactAs(db, utilityId, (tx) =>
                requestTerminalTest(tx, actor, { number, now: new Date() }),
              )
            ).testId;
      const state = await followTest({
        read: () => readAs(db, utilityId, (tx) => getTerminalTest(tx, actor, id)),
        say: (line) => console.log(line),
        now: () => new Date(),
        pause: (ms) => pause(ms),
        waitMs,
      });
      if (state !== 'answered') process.exitCode = 1;
    } finally {
      await pool.end();
    }
  });
}

try {
  await run(asked());
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
