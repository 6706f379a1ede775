import { LINKS, type Link } from '../../lib/terminals/terminal-link.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Decoded } from './decode-result.ts';

const SIGNAL_UNKNOWN = -128;

/** The condition of a terminal [TERM-6.5]. */
export type TerminalStatus = {
  /** Battery voltage in millivolts, 0 to 65,535. */
  batteryMv: number;
  /** Received signal in dBm, −127 to 127; null when the terminal does not know it. */
  signalDbm: number | null;
  link: Link;
  /** Firmware number, 0 to 65,535; a later firmware has a higher one. */
  firmware: number;
};

/** A status message [TERM-7.2]; `terminalTimeS` is terminal time [TERM-6.1]. */
export type StatusMessage = {
  readonly type: 'status';
  readonly terminalTimeS: number;
  readonly status: TerminalStatus;
};

/** Reads a status block into a reusable object. */
export function readStatus(reader: ByteReader, into: TerminalStatus): void {
  into.batteryMv = reader.u16();
  const signal = (reader.u8() << 24) >> 24;
  into.signalDbm = signal === SIGNAL_UNKNOWN ? null : signal;
  const at = reader.offset;
  const link = LINKS[reader.u8()];
  if (link === undefined) reader.refuse('unknown_link', at);
  else into.link = link;
  into.firmware = reader.u16();
}

export function writeStatus(writer: ByteWriter, status: TerminalStatus): void {
  writer.u16('batteryMv', status.batteryMv);
  if (status.signalDbm === SIGNAL_UNKNOWN) {
    throw new RangeError('signalDbm −128 stands for unknown: give null');
  }
  writer.i8('signalDbm', status.signalDbm ?? SIGNAL_UNKNOWN);
  writer.u8('link', LINKS.indexOf(status.link));
  writer.u16('firmware', status.firmware);
}

/** Decodes the payload of a status message [TERM-7.2]. */
export function decodeStatus(payload: Uint8Array): Decoded<StatusMessage> {
  const reader = new ByteReader(payload);
  const terminalTimeS = reader.u32();
  const status: TerminalStatus = { batteryMv: 0, signalDbm: null, link: 'wan', firmware: 0 };
  readStatus(reader, status);
  return reader.refusal() ?? { ok: true, message: { type: 'status', terminalTimeS, status } };
}

/** Encodes the payload of a status message [TERM-7.2]; a RangeError on a value that does not fit. */
export function encodeStatus(message: StatusMessage): Buffer {
  const writer = new ByteWriter();
  writer.u32('terminalTimeS', message.terminalTimeS);
  writeStatus(writer, message.status);
  return writer.bytes();
}
