// Bounds MQTT packets before the parser. A broker's parser collects a packet until it is complete, up to MQTT's 256 MB.
// Here the fixed headers are followed first, so that a packet that announces too much ends the connection at about its
// third byte; each packet but PUBLISH is also checked as a whole before the parser reads it.
import type { Duplex } from 'node:stream';
import {
  acknowledgedIdentifier,
  bodyFault,
  headerFault,
  isPublish,
  type PacketFault,
} from './packet-rules.ts';

const LENGTH_MULTIPLIER_MAX = 128 ** 3;
const EMPTY = Buffer.alloc(0);

/** Packets that began in a part of a stream. */
export interface PacketCounts {
  publishes: number;
  others: number;
}

export type StreamFault = PacketFault | 'oversize';

/** Follows the packets of one MQTT byte stream. */
export class PacketBounds {
  readonly #maxBytes: number;
  readonly #onAcknowledged: (identifier: number) => void;
  #typeByte = 0;
  /** Remaining bytes of the current packet's body. */
  #left = 0;
  #inLength = false;
  #length = 0;
  #multiplier = 1;
  /** Body of the current packet, when it has to be checked. */
  #body: Buffer | undefined;
  /** Packets that began so far. */
  readonly counts: PacketCounts = { publishes: 0, others: 0 };

  constructor(maxBytes: number, onAcknowledged: (identifier: number) => void = () => undefined) {
    this.#maxBytes = maxBytes;
    this.#onAcknowledged = onAcknowledged;
  }

  /** Fault of the packets in the chunk: too large by its fixed header, or not allowed; otherwise undefined. */
  faultOf(chunk: Buffer): StreamFault | undefined {
    let at = 0;
    while (at < chunk.length) {
      let fault: StreamFault | undefined;
      if (this.#left > 0) {
        const step = Math.min(this.#left, chunk.length - at);
        fault = this.#bodyBytes(chunk, at, step);
        at += step;
      } else {
        const byte = chunk[at]!;
        fault = this.#inLength ? this.#lengthByte(byte) : this.#begin(byte);
        at += 1;
      }
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #begin(typeByte: number): StreamFault | undefined {
    if (isPublish(typeByte)) this.counts.publishes += 1;
    else this.counts.others += 1;
    this.#typeByte = typeByte;
    this.#inLength = true;
    this.#length = 0;
    this.#multiplier = 1;
    return headerFault(typeByte);
  }

  #lengthByte(byte: number): StreamFault | undefined {
    if (this.#multiplier > LENGTH_MULTIPLIER_MAX) return 'oversize';
    this.#length += (byte & 0x7f) * this.#multiplier;
    if (this.#length > this.#maxBytes) return 'oversize';
    this.#multiplier *= 128;
    if (byte & 0x80) return undefined;
    this.#inLength = false;
    this.#left = this.#length;
    this.#body = isPublish(this.#typeByte) ? undefined : Buffer.allocUnsafe(this.#length);
    return this.#left === 0 ? this.#end() : undefined;
  }

  #bodyBytes(chunk: Buffer, at: number, step: number): StreamFault | undefined {
    this.#body?.set(chunk.subarray(at, at + step), this.#length - this.#left);
    this.#left -= step;
    return this.#left === 0 ? this.#end() : undefined;
  }

  #end(): StreamFault | undefined {
    if (isPublish(this.#typeByte)) return undefined;
    const body = this.#body ?? EMPTY;
    this.#body = undefined;
    const fault = bodyFault(this.#typeByte, body);
    if (fault !== undefined) return fault;
    const identifier = acknowledgedIdentifier(this.#typeByte, body);
    if (identifier !== undefined) this.#onAcknowledged(identifier);
    return undefined;
  }
}

export interface StreamBounds {
  /** Bytes of a packet after its fixed header. */
  maxBytes: number;
  onFault: (fault: StreamFault) => void;
  /** A PUBACK was received. */
  onAcknowledged: (identifier: number) => void;
  /** True when that many more packets may come now; asked before any of them is parsed. */
  mayPass: (counts: PacketCounts) => boolean;
}

/**
 * Passes only valid packets within the limits from `stream` to its reader; after another one the reader gets nothing
 * more.
 */
export function boundPackets(
  stream: Duplex,
  { maxBytes, onFault, onAcknowledged, mayPass }: StreamBounds,
): void {
  const bounds = new PacketBounds(maxBytes, onAcknowledged);
  const { counts } = bounds;
  const read = stream.read.bind(stream);
  let cut = false;
  stream.read = (size?: number) => {
    if (cut) return null;
    const chunk: Buffer | null = read(size);
    if (chunk === null) return null;
    const fault = bounds.faultOf(chunk);
    if (fault === undefined && mayPass(counts)) {
      counts.publishes = 0;
      counts.others = 0;
      return chunk;
    }
    cut = true;
    if (fault !== undefined) onFault(fault);
    return null;
  };
}
