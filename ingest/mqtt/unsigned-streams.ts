// Whoever has not signed in costs memory and proves nothing: there are few of them at one time, and none for long.
import type { Duplex } from 'node:stream';

export interface UnsignedLimits {
  /** Streams without a CONNECT; at one more the oldest of them ends. */
  maxSilent: number;
  /** From the first byte of the connection to its CONNACK. */
  signInMs: number;
}

export interface UnsignedOptions extends UnsignedLimits {
  onDropped: (reason: 'sign_in_timeout' | 'too_many_silent') => void;
}

/** The streams of a broker whose clients have not signed in. */
export class UnsignedStreams {
  readonly #options: UnsignedOptions;
  readonly #timers = new Map<Duplex, NodeJS.Timeout>();
  /** Those that have not sent a CONNECT, oldest first. */
  readonly #silent = new Set<Duplex>();

  constructor(options: UnsignedOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#timers.size;
  }

  add(stream: Duplex): void {
    const { maxSilent, signInMs } = this.#options;
    const timer = setTimeout(() => this.#drop(stream, 'sign_in_timeout'), signInMs);
    this.#timers.set(stream, timer);
    this.#silent.add(stream);
    stream.once('close', () => this.forget(stream));
    if (this.#silent.size <= maxSilent) return;
    const [oldest] = this.#silent;
    this.#drop(oldest!, 'too_many_silent');
  }

  /** Its CONNECT is there. */
  spoke(stream: Duplex): void {
    this.#silent.delete(stream);
  }

  /** It signed in, or is gone. */
  forget(stream: Duplex): void {
    clearTimeout(this.#timers.get(stream));
    this.#timers.delete(stream);
    this.#silent.delete(stream);
  }

  destroyAll(): void {
    for (const stream of [...this.#timers.keys()]) {
      this.forget(stream);
      stream.destroy();
    }
  }

  #drop(stream: Duplex, reason: 'sign_in_timeout' | 'too_many_silent'): void {
    this.forget(stream);
    this.#options.onDropped(reason);
    stream.destroy();
  }
}
