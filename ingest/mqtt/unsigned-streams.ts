// Limits for connections that have not signed in: a maximum count and a deadline, from the TCP connection on and
// including a TLS handshake. Above the maximum the address with the most such connections loses its oldest, so that
// many of one address do not close the few of another.
import type { Duplex } from 'node:stream';

export interface UnsignedLimits {
  /** Streams without a CONNECT. */
  maxSilent: number;
  /** Streams that have not signed in, with a CONNECT or without. */
  maxUnsigned: number;
  /** From the TCP connection to its CONNACK. */
  signInMs: number;
}

export type UnsignedReason = 'sign_in_timeout' | 'too_many_silent' | 'too_many_unsigned';

export interface UnsignedOptions extends UnsignedLimits {
  onDropped: (reason: UnsignedReason) => void;
}

interface Unsigned {
  stream: Duplex;
  address: string;
  timer: NodeJS.Timeout;
}

/** Streams of a broker whose clients have not signed in. */
export class UnsignedStreams {
  readonly #options: UnsignedOptions;
  readonly #byStream = new Map<Duplex, Unsigned>();
  /** All of them, and those that have not sent a CONNECT, by address. */
  readonly #all = new ByAddress();
  readonly #silent = new ByAddress();

  constructor(options: UnsignedOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#byStream.size;
  }

  add(stream: Duplex, address = ''): void {
    const { maxSilent, maxUnsigned, signInMs } = this.#options;
    const timer = setTimeout(() => this.#drop(unsigned, 'sign_in_timeout'), signInMs);
    const unsigned: Unsigned = { stream, address, timer };
    this.#enter(unsigned);
    this.#silent.add(unsigned);
    if (this.#silent.size > maxSilent) this.#drop(this.#silent.oldestOfMost(), 'too_many_silent');
    if (this.#all.size > maxUnsigned) this.#drop(this.#all.oldestOfMost(), 'too_many_unsigned');
  }

  /** The handshake on `raw` is done: `stream` is read from now on, until the same deadline. */
  secured(raw: Duplex, stream: Duplex): boolean {
    const unsigned = this.#byStream.get(raw);
    if (unsigned === undefined) return false;
    if (raw === stream) return true;
    this.#byStream.delete(raw);
    unsigned.stream = stream;
    this.#enter(unsigned);
    return true;
  }

  /** Its CONNECT was received. */
  spoke(stream: Duplex): void {
    const unsigned = this.#byStream.get(stream);
    if (unsigned !== undefined) this.#silent.delete(unsigned);
  }

  /** It signed in, or has ended. */
  forget(stream: Duplex): void {
    const unsigned = this.#byStream.get(stream);
    if (unsigned === undefined) return;
    clearTimeout(unsigned.timer);
    this.#byStream.delete(stream);
    this.#all.delete(unsigned);
    this.#silent.delete(unsigned);
  }

  destroyAll(): void {
    for (const stream of [...this.#byStream.keys()]) {
      this.forget(stream);
      stream.destroy();
    }
  }

  #enter(unsigned: Unsigned): void {
    const { stream } = unsigned;
    this.#byStream.set(stream, unsigned);
    this.#all.add(unsigned);
    stream.once('close', () => this.forget(stream));
  }

  #drop(unsigned: Unsigned | undefined, reason: UnsignedReason): void {
    if (unsigned === undefined) return;
    this.forget(unsigned.stream);
    this.#options.onDropped(reason);
    unsigned.stream.destroy();
  }
}

/** Streams in order of arrival, by address. */
class ByAddress {
  readonly #sets = new Map<string, Set<Unsigned>>();
  size = 0;

  add(unsigned: Unsigned): void {
    const set = this.#sets.get(unsigned.address);
    if (set?.has(unsigned)) return;
    if (set === undefined) this.#sets.set(unsigned.address, new Set([unsigned]));
    else set.add(unsigned);
    this.size += 1;
  }

  delete(unsigned: Unsigned): void {
    const set = this.#sets.get(unsigned.address);
    if (!set?.delete(unsigned)) return;
    this.size -= 1;
    if (set.size === 0) this.#sets.delete(unsigned.address);
  }

  /** The oldest stream of the address with the most. */
  oldestOfMost(): Unsigned | undefined {
    let most: Set<Unsigned> | undefined;
    for (const set of this.#sets.values()) if (set.size > (most?.size ?? 0)) most = set;
    return most?.values().next().value;
  }
}
