/**
 * Runs a command of bin/. An expected error is one or two lines on standard error and exit code 1; wrong arguments
 * print the usage and exit 2; a signal ends in order with 128 + its number. A stack is printed only for errors of the
 * program, and open handles do not keep the process alive.
 */
import { constants } from 'node:os';
import pg from 'pg';
import { printable } from '../lib/printable.ts';

/** A missing or wrong argument; the message says what to give. */
export class ArgumentFault extends Error {}

export const EXIT = { failed: 1, badArguments: 2 } as const;

/** Time that a command may keep handles open after its end, such as a pooled connection. Milliseconds. */
const LINGER_MS = 5_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Command {
  /** Shown with an argument fault. */
  usage?: string;
  /** Returns the exit code; undefined: 0. */
  main: (args: readonly string[]) => Promise<number | undefined>;
}

/** Runs a command with the process's arguments; resolves when all of its output is written. */
export async function runCommand({ usage, main }: Command): Promise<void> {
  const output = watchOutput();
  process.on('uncaughtException', (error) => process.exit(tellFault(error, usage)));
  for (const name of SIGNALS) process.on(name, () => void interrupt(name));
  let code: number;
  try {
    code = (await main(process.argv.slice(2))) ?? 0;
  } catch (error) {
    code = tellFault(error, usage);
  }
  const fault = await output.written();
  // A command that failed because of its output has already said so.
  if (fault && code === 0) code = tellFault(fault, usage);
  process.exitCode = code;
  setTimeout(() => process.exit(code), LINGER_MS).unref();
}

const acts = new Set<() => unknown>();

/** Registers `act` for a signal, the latest first; returns the function that removes it. */
export function onInterrupt(act: () => unknown): () => void {
  acts.add(act);
  return () => void acts.delete(act);
}

let interrupted = false;

async function interrupt(name: NodeJS.Signals): Promise<void> {
  const code = 128 + constants.signals[name];
  // The second signal ends the process at once.
  if (interrupted) process.exit(code);
  interrupted = true;
  for (const act of [...acts].reverse()) {
    try {
      await act();
    } catch (error) {
      say(describeFault(error));
    }
  }
  process.exit(code);
}

/**
 * Keeps closed or full standard output from ending in an unhandled event; `written` returns its error once all is
 * written.
 */
function watchOutput(): { written: () => Promise<Error | undefined> } {
  let fault: Error | undefined;
  process.stdout.on('error', (error) => {
    fault ??= error;
  });
  process.stderr.on('error', () => undefined);
  return {
    written: () =>
      new Promise((resolve) => {
        process.stdout.write('', (error) => resolve(fault ?? error ?? undefined));
      }),
  };
}

function say(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

function tellFault(error: unknown, usage: string | undefined): number {
  if (error instanceof ArgumentFault) {
    say(usage ? `${error.message}\n\n${usage}` : error.message);
    return EXIT.badArguments;
  }
  say(describeFault(error));
  return EXIT.failed;
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  ECONNREFUSED: 'nothing answers there',
  ECONNRESET: 'the connection was broken off',
  EDQUOT: 'the quota of the disk is used up',
  EEXIST: 'there is something of that name already',
  EHOSTUNREACH: 'the machine cannot be reached',
  EISDIR: 'this is a folder',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'no space is left on the disk',
  ENOTDIR: 'a part of the path is no folder',
  ENOTFOUND: 'there is no machine of that name',
  EPERM: 'this is not permitted',
  EPIPE: 'it was closed before the end of the output',
  EROFS: 'the file system is read-only',
  ETIMEDOUT: 'no answer came in time',
};

type SystemFault = NodeJS.ErrnoException & { address?: string; port?: number; hostname?: string };

/** An error in words, without a stack unless it is an error of the program. */
export function describeFault(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return describeFault(error.errors[0]);
  }
  if (!(error instanceof Error)) return String(error);
  if (error instanceof pg.DatabaseError) return `the database refuses: ${error.message}`;
  const { code, message } = error as SystemFault;
  const words = code === undefined ? undefined : WORDS[code];
  if (words) return `${locationOf(error)}: ${words} (${code})`;
  if (code === undefined && isOfTheProgram(error)) return `a fault of the program: ${error.stack}`;
  return message || code || error.name;
}

function locationOf({ path, address, port, hostname, code, message }: SystemFault): string {
  if (path) return path;
  if (address) return port === undefined ? address : `${address}:${port}`;
  if (hostname) return hostname;
  return code === 'EPIPE' ? 'standard output' : message.replace(/^E[A-Z]+: .*?, /, '');
}

function isOfTheProgram(error: Error): boolean {
  return (
    error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError
  );
}
