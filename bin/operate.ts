/**
 * `npm run -s operate -- NOUN VERB …`: administers the cloud without SQL. Exit codes: 0 done, 1 refused or not proven,
 * with the reason, 2 wrong arguments. A secret goes into its own file or onto a screen, never into a pipe, JSON or the
 * audit.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { printable } from '../lib/printable.ts';
import { type CommandLine, type Invocation, parseCommandLine } from './operate/command-line.ts';
import { explainFault } from './operate/explain-fault.ts';
import { NOUNS } from './operate/nouns.ts';
import type { Options } from './operate/option.ts';
import { jsonOf, textOf } from './operate/outcome-text.ts';
import { runVerb } from './operate/run-verb.ts';
import { readFirstLine } from './operate/standard-input.ts';
import { ArgumentFault, EXIT, runCommand } from './run-command.ts';

async function run(invocation: Invocation, now: Date): Promise<number> {
  const { isJson, isDryRun } = invocation;
  try {
    const outcome = await runVerb(invocation, {
      environment: process.env,
      isScreen: process.stdout.isTTY === true,
      now,
      readSecret: () => readFirstLine(process.stdin),
      watch: {
        // For programs the output is one JSON object, which includes these lines.
        say: (line) => (isJson ? undefined : console.log(line)),
        now: () => new Date(),
        pause: async (ms) => void (await pause(ms)),
      },
    });
    console.log(printable(isJson ? jsonOf(outcome, isDryRun) : textOf(outcome, isDryRun)));
    return outcome.isUnproven ? EXIT.failed : 0;
  } catch (error) {
    return refused(error, { isJson, options: invocation.verb.options });
  }
}

function refused(
  error: unknown,
  { isJson, options = {} }: { isJson: boolean; options?: Options },
): number {
  const { code, message, details } = explainFault(error, options);
  if (isJson) {
    console.log(printable(JSON.stringify({ ok: false, error: { code, message, details } })));
  }
  console.error(printable(message));
  return error instanceof ArgumentFault ? EXIT.badArguments : EXIT.failed;
}

async function main(args: readonly string[]): Promise<number> {
  const now = new Date();
  let line: CommandLine;
  try {
    line = parseCommandLine(args, NOUNS, now);
  } catch (error) {
    return refused(error, { isJson: args.includes('--json') });
  }
  if (line.kind === 'run') return run(line, now);
  console.log(line.text);
  return 0;
}

await runCommand({ main });
