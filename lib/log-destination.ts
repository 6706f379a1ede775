/**
 * Log destination: writes lines to a file descriptor without blocking the process. A line that cannot be written (full
 * disk, closed reader) is dropped and counted, and the process continues; pino's own destination would end the process,
 * and at exit retry for ever.
 */
import { write, writeSync } from 'node:fs';
import type { LineLog } from './bounded-log.ts';
import { codeOf } from './errors.ts';

/** Maximum length of the buffer for a slow reader, in UTF-16 units; further lines are dropped. */
const MAX_WAITING = 1024 * 1024;
/** Delay before retrying a descriptor that returned EAGAIN. */
const AGAIN_MS = 100;
const TRIES_AT_EXIT = 10;
const EXIT_AGAIN_MS = 20;
const STDOUT = 1;
const NEWLINE = 0x0a;
const EMPTY = Buffer.alloc(0);

export interface LogDestination {
  write(line: string): void;
  /** Called with the number of dropped lines when lines can be written again. */
  onRecovered: (lost: number) => void;
  /** Writes the buffer at the end of the process; what cannot be written now is dropped. */
  flushSync(): void;
}

let standardOutput: LogDestination | undefined;

/** Standard output, one instance per process. The buffer is written when the process exits. */
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

/** Creates a destination for pino. */
export function logDestination(
  fd: number,
  options: Partial<DestinationOptions> = {},
): LogDestination {
  return new Destination(fd, { maxWaiting: MAX_WAITING, write, ...options });
}

/** Lets the log of a destination report in a line of its own how many lines were dropped. */
export function tellsLost<L extends Pick<LineLog, 'warn'>>(log: L, destination: LogDestination): L {
  destination.onRecovered = (lost) => log.warn({ lost }, 'lines of the log could not be written');
  return log;
}

class Destination implements LogDestination {
  onRecovered: (lost: number) => void = () => undefined;
  readonly #fd: number;
  readonly #options: DestinationOptions;
  #waiting = '';
  /** Bytes that the descriptor did not accept yet. */
  #held: Buffer = EMPTY;
  #lost = 0;
  #isWriting = false;
  /** True after a line was written in part and its rest dropped. */
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
