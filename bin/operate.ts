/**
 * `npm run -s operate -- NOUN VERB …`: runs the cloud without SQL. Exit codes: 0 done, 1 refused with the reason, 2 written
 * wrongly. A secret goes into a file of its own or onto a screen, never into a pipe, JSON or the audit.
 */
import { DomainError } from '../lib/errors.ts';
import { type Invocation, parseCommandLine, UsageFault } from './operate/command-line.ts';
import { explainFault } from './operate/fault.ts';
import { COMMAND } from './operate/help.ts';
import { NOUNS } from './operate/nouns.ts';
import { jsonOf, textOf } from './operate/print.ts';
import { runVerb } from './operate/run.ts';
import { readFirstLine } from './operate/standard-input.ts';

const EXIT = { refused: 1, usage: 2 } as const;

async function run(asked: Invocation): Promise<void> {
  const { isJson, isDryRun } = asked;
  try {
    const outcome = await runVerb(asked, {
      environment: process.env,
      isScreen: process.stdout.isTTY === true,
      now: new Date(),
      readSecret: () => readFirstLine(process.stdin),
    });
    console.log(isJson ? jsonOf(outcome, isDryRun) : textOf(outcome, isDryRun));
  } catch (error) {
    const { code, message, details } = explainFault(error);
    if (isJson) {
      console.log(JSON.stringify({ ok: false, error: { code, message, ...details } }));
    }
    console.error(message);
    process.exitCode = EXIT.refused;
  }
}

async function main(args: readonly string[]): Promise<void> {
  try {
    const line = parseCommandLine(args, NOUNS, new Date());
    if (line.kind === 'help') console.log(line.text);
    else await run(line);
  } catch (error) {
    if (!(error instanceof UsageFault)) throw error;
    console.error(`${error.message}\nHelp: ${COMMAND} ${error.hint}`);
    process.exitCode = EXIT.usage;
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof DomainError ? error.message : explainFault(error).message);
  process.exitCode = EXIT.refused;
});
