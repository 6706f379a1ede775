// Publishes frames on one connection with QoS 1 and reports which of them the terminal acknowledged. The broker's
// library does not report that for a clean session, so packets of this direction and their identifiers are handled
// here.
import type { Duplex } from 'node:stream';

const PUBLISH_QOS_1 = 0x32;
const LAST_IDENTIFIER = 0xffff;

export class DownPublisher {
  readonly #stream: Duplex;
  #identifier = 0;
  readonly #waiting = new Map<number, (isAcknowledged: boolean) => void>();
  readonly #onEnded: (() => void)[] = [];

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.once('close', () => this.#end());
  }

  /**
   * Writes a frame to the connection; undefined when the connection has ended or accepts nothing now. The promise
   * resolves with true when the terminal acknowledged it before the connection ended.
   */
  publish(topic: string, payload: Buffer): Promise<boolean> | undefined {
    if (!this.#stream.writable || this.#stream.writableNeedDrain) return undefined;
    this.#identifier = (this.#identifier % LAST_IDENTIFIER) + 1;
    const identifier = this.#identifier;
    if (this.#waiting.has(identifier)) return undefined;
    const packet = publishPacket(topic, identifier, payload);
    const acknowledged = new Promise<boolean>((resolve) => this.#waiting.set(identifier, resolve));
    this.#stream.write(packet);
    return acknowledged;
  }

  /** Calls back when the connection has ended, or at once if it has. */
  onEnded(callback: () => void): void {
    if (this.#stream.closed) callback();
    else this.#onEnded.push(callback);
  }

  /** A PUBACK was received; an unknown identifier is ignored. */
  acknowledged(identifier: number): void {
    this.#waiting.get(identifier)?.(true);
    this.#waiting.delete(identifier);
  }

  #end(): void {
    for (const resolve of this.#waiting.values()) resolve(false);
    this.#waiting.clear();
    for (const callback of this.#onEnded.splice(0)) callback();
  }
}

function publishPacket(topic: string, identifier: number, payload: Buffer): Buffer {
  const name = Buffer.from(topic);
  const length = 2 + name.length + 2 + payload.length;
  const lengthBytes = length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7];
  return Buffer.concat([
    Buffer.from([PUBLISH_QOS_1, ...lengthBytes, name.length >> 8, name.length & 0xff]),
    name,
    Buffer.from([identifier >> 8, identifier & 0xff]),
    payload,
  ]);
}
