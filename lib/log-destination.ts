/**
 * Where the log goes: lines to a file descriptor, without the process waiting for it. A line that cannot be written (the
 * disk is full, the reader has gone) is lost and counted, and the process goes on: the destination that comes with pino
 * ends the process for it, and at its end tries for ever to write what is left.
 */
import { write, writeSync } from 'node:fs';
import type { LineLog } from './bounded-log.ts';
import { codeOf } from './errors.ts';

/** What waits for a slow reader at most; a line beyond it is lost. UTF-16 units. */
const MAX_WAITING = 1024 * 1024;
/** After so long a descriptor that takes nothing at this moment (EAGAIN) is tried again. */
const AGAIN_MS = 100;
const TRIES_AT_EXIT = 10;
const EXIT_AGAIN_MS = 20;
const STDOUT = 1;
const NEWLINE = 0x0a;
const EMPTY = Buffer.alloc(0);

export interface LogDestination {
  write(line: string): void;
  /** Called with the number of lines lost when lines can be written again. */
  onRecovered: (lost: number) => void;
  /** Writes what waits, at the end of the process; what cannot be written now is lost. */
  flushSync(): void;
}

let standardOutput: LogDestination | undefined;

/** Standard output, once for the process. What waits is written out when the process exits. */
export function standardOutputLog(): LogDestination {
  if (standardOutput === undefined) {
    const destination = logDestination(STDOUT);
    process.once('exit', () => destination.flushSync());
    standardOutput = destination;
  }
  return standardOutput;
}

export interface DestinationOptions {
  maxWaiting: number;
  write: (fd: number, bytes: Buffer, done: (error: Error | null, written: number) => void) => void;
}

/** A destination for pino. */
export function logDestination(
  fd: number,
  options: Partial<DestinationOptions> = {},
): LogDestination {
  return new Destination(fd, { maxWaiting: MAX_WAITING, write, ...options });
}

/** The log of a destination, which says in a line of its own how many lines were lost before. */
export function tellsLost<L extends Pick<LineLog, 'warn'>>(log: L, destination: LogDestination): L {
  destination.onRecovered = (lost) => log.warn({ lost }, 'lines of the log could not be written');
  return log;
}

class Destination implements LogDestination {
  onRecovered: (lost: number) => void = () => undefined;
  readonly #fd: number;
  readonly #options: DestinationOptions;
  #waiting = '';
  /** What the descriptor would not take at this moment. */
  #held: Buffer = EMPTY;
  #lost = 0;
  #isWriting = false;
  /** A part of a line is out whose rest was lost. */
  #isTorn = false;

  constructor(fd: number, options: DestinationOptions) {
    this.#fd = fd;
    this.#options = options;
  }

  write(line: string): void {
    if (this.#waiting.length + line.length > this.#options.maxWaiting) this.#lost += 1;
    else this.#waiting += line;
    this.#pump();
  }

  flushSync(): void {
    let rest = Buffer.concat([this.#held, this.#take()]);
    this.#held = EMPTY;
    for (let tries = 0; rest.length > 0 && tries < TRIES_AT_EXIT; tries += 1) {
      try {
        rest = rest.subarray(writeSync(this.#fd, rest));
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN') return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, EXIT_AGAIN_MS);
      }
    }
  }

  #take(): Buffer {
    const text = this.#isTorn && this.#waiting !== '' ? `\n${this.#waiting}` : this.#waiting;
    this.#waiting = '';
    return Buffer.from(text);
  }

  #pump(): void {
    if (this.#isWriting || this.#waiting === '') return;
    this.#isWriting = true;
    this.#put(this.#take());
  }

  #put(bytes: Buffer): void {
    this.#options.write(this.#fd, bytes, (error, written) => {
      if (codeOf(error) === 'EAGAIN') {
        this.#held = bytes;
        setTimeout(() => this.#putHeld(), AGAIN_MS).unref();
        return;
      }
      if (error === null) {
        this.#isTorn = bytes[written - 1] !== NEWLINE;
        if (written < bytes.length) return this.#put(bytes.subarray(written));
      } else {
        this.#lost += bytes.reduce((lines, byte) => lines + (byte === NEWLINE ? 1 : 0), 0);
      }
      this.#isWriting = false;
      if (error === null && this.#lost > 0) this.#recovered();
      this.#pump();
    });
  }

  #putHeld(): void {
    const bytes = this.#held;
    this.#held = EMPTY;
    if (bytes.length > 0) this.#put(bytes);
  }

  #recovered(): void {
    const lost = this.#lost;
    this.#lost = 0;
    this.onRecovered(lost);
  }
}
