// A broker's parser collects a packet until it is whole, up to MQTT's 256 MB. Here the stream's fixed headers are followed
// before the parser sees the bytes, so that a packet that announces too much ends the connection at its third byte or so.
import type { Duplex } from 'node:stream';

const LENGTH_MULTIPLIER_MAX = 128 ** 3;
const PUBLISH = 3;

/** Packets that began in a piece of a stream. */
export interface PacketCounts {
  publishes: number;
  others: number;
}

/** Follows the packet boundaries of one MQTT byte stream. */
export class PacketBounds {
  readonly #maxBytes: number;
  /** Bytes of the present packet's body still to come. */
  #body = 0;
  #inLength = false;
  #length = 0;
  #multiplier = 1;
  /** Packets that began so far. */
  readonly counts: PacketCounts = { publishes: 0, others: 0 };

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
        this.#begin(chunk[at]!);
        at += 1;
      }
    }
    return true;
  }

  #begin(typeByte: number): void {
    if (typeByte >> 4 === PUBLISH) this.counts.publishes += 1;
    else this.counts.others += 1;
    this.#inLength = true;
    this.#length = 0;
    this.#multiplier = 1;
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

export interface StreamBounds {
  /** Bytes of a packet after its fixed header. */
  maxBytes: number;
  onOversize: () => void;
  /** Whether so many packets more may come now; asked before any of them is parsed. */
  mayPass: (counts: PacketCounts) => boolean;
}

/** Lets through `stream` only packets that are small and few enough; after one that is not its reader gets nothing more. */
export function boundPackets(
  stream: Duplex,
  { maxBytes, onOversize, mayPass }: StreamBounds,
): void {
  const bounds = new PacketBounds(maxBytes);
  const { counts } = bounds;
  const read = stream.read.bind(stream);
  let cut = false;
  stream.read = (size?: number) => {
    if (cut) return null;
    const chunk: Buffer | null = read(size);
    if (chunk === null) return null;
    const isSmall = bounds.accepts(chunk);
    if (isSmall && mayPass(counts)) {
      counts.publishes = 0;
      counts.others = 0;
      return chunk;
    }
    cut = true;
    if (!isSmall) onOversize();
    return null;
  };
}
