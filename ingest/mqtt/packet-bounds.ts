// A broker's parser collects a packet until it is whole, up to MQTT's 256 MB. Here the stream's fixed headers are followed
// before the parser sees the bytes, so that a packet that announces too much ends the connection at its third byte or so.
import type { Duplex } from 'node:stream';

const LENGTH_MULTIPLIER_MAX = 128 ** 3;

/** Follows the packet boundaries of one MQTT byte stream. */
export class PacketBounds {
  readonly #maxBytes: number;
  /** Bytes of the present packet's body still to come. */
  #body = 0;
  #inLength = false;
  #length = 0;
  #multiplier = 1;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** False when a packet in the chunk, or one that begins there, announces more than `maxBytes` after its fixed header. */
  accepts(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#body > 0) {
        const step = Math.min(this.#body, chunk.length - at);
        this.#body -= step;
        at += step;
      } else if (this.#inLength) {
        if (!this.#lengthByte(chunk[at]!)) return false;
        at += 1;
      } else {
        this.#inLength = true;
        this.#length = 0;
        this.#multiplier = 1;
        at += 1;
      }
    }
    return true;
  }

  #lengthByte(byte: number): boolean {
    if (this.#multiplier > LENGTH_MULTIPLIER_MAX) return false;
    this.#length += (byte & 0x7f) * this.#multiplier;
    if (this.#length > this.#maxBytes) return false;
    this.#multiplier *= 128;
    if (byte & 0x80) return true;
    this.#inLength = false;
    this.#body = this.#length;
    return true;
  }
}

/** Lets through `stream` only packets of at most `maxBytes`; at a larger one its reader gets nothing more. */
export function boundPackets(stream: Duplex, maxBytes: number, onOversize: () => void): void {
  const bounds = new PacketBounds(maxBytes);
  const read = stream.read.bind(stream);
  let cut = false;
  stream.read = (size?: number) => {
    if (cut) return null;
    const chunk: Buffer | null = read(size);
    if (chunk === null || bounds.accepts(chunk)) return chunk;
    cut = true;
    onOversize();
    return null;
  };
}
