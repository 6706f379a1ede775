// Messages of the protocol [TERM-7] [TERM-10], one row each: type byte, direction, decoder and encoder. Names of types,
// reserved types, handlers and labels of metrics are derived from this table.
import { createDayReport, type DayReport, decodeDayReport, encodeDayReport } from './day-report.ts';
import type { Decoded, Refused } from './decode-result.ts';
import * as down from './down-messages.ts';
import { type Direction, type Envelope, sealFrame } from './frame.ts';
import { decodeStatus, encodeStatus, type StatusMessage } from './status.ts';
import { decodeTestCall, encodeTestCall, type TestCall } from './test-call.ts';

export type DayReportMessage = { readonly type: 'day_report'; readonly report: DayReport };

/** Decoder and encoder of a message's payload; `encode` throws a RangeError on a value that its field cannot hold. */
interface Codec<Message> {
  readonly decode: (payload: Uint8Array) => Decoded<Message>;
  readonly encode: (message: Message) => Buffer;
}

interface Row<Message, In extends Direction> extends Codec<Message> {
  readonly code: number;
  readonly direction: In;
}

const up = <Message>(code: number, codec: Codec<Message>): Row<Message, 'up'> => ({
  ...{ code, direction: 'up' },
  ...codec,
});
const toTerminal = <Message>(code: number, codec: Codec<Message>): Row<Message, 'down'> => ({
  ...{ code, direction: 'down' },
  ...codec,
});

const MESSAGES = {
  day_report: up<DayReportMessage>(0x01, {
    decode: decodeOwnDayReport,
    encode: ({ report }) => encodeDayReport(report),
  }),
  status: up<StatusMessage>(0x02, { decode: decodeStatus, encode: encodeStatus }),
  test_call: up<TestCall>(0x03, { decode: decodeTestCall, encode: encodeTestCall }),
  report_days: toTerminal<down.ReportDays>(0x81, {
    decode: down.decodeReportDays,
    encode: down.encodeReportDays,
  }),
  set_clock: toTerminal<down.SetClock>(0x82, {
    decode: down.decodeSetClock,
    encode: down.encodeSetClock,
  }),
  test: toTerminal<down.Test>(0x83, { decode: down.decodeTest, encode: down.encodeTest }),
};

/** [TERM-10] Types whose number is taken and whose payload is not defined yet. */
const RESERVED = {
  security_event: 0x04,
  event_recovery: 0x05,
  command_result: 0x06,
  spot_reading: 0x07,
  firmware_progress: 0x08,
  read_now: 0x84,
  valve_close: 0x85,
  reset_permission: 0x86,
  key_change: 0x87,
  firmware_offer: 0x88,
  firmware_block: 0x89,
} as const;

type Messages = typeof MESSAGES;
type MessageName = keyof Messages;
/** The union of the named messages. */
type MessageOf<Name> = Name extends MessageName
  ? Messages[Name] extends Row<infer Message, Direction>
    ? Message
    : never
  : never;
type NameIn<In extends Direction> = {
  [Name in MessageName]: Messages[Name]['direction'] extends In ? Name : never;
}[MessageName];

/** Names of the messages of a terminal, and of the cloud. */
export type UplinkName = NameIn<'up'>;
export type DownlinkName = NameIn<'down'>;
/** A message of a terminal. */
export type UplinkMessage = MessageOf<UplinkName>;
/** A message of the cloud. */
export type DownlinkMessage = MessageOf<DownlinkName>;

// Object.keys returns strings; these are the table's own keys.
const NAMES = Object.keys(MESSAGES) as MessageName[];

/** Type bytes of the existing messages [TERM-7]. */
// fromEntries loses the type of the keys: all names, each once.
export const MESSAGE_TYPE = Object.fromEntries(
  NAMES.map((name) => [name, MESSAGES[name].code]),
) as Readonly<Record<MessageName, number>>;

const isUplink = (name: MessageName): name is UplinkName => MESSAGES[name].direction === 'up';
const isDownlink = (name: MessageName): name is DownlinkName => !isUplink(name);

export const UPLINK_NAMES: readonly UplinkName[] = NAMES.filter(isUplink);
export const DOWNLINK_NAMES: readonly DownlinkName[] = NAMES.filter(isDownlink);

/** Names of a terminal's messages by type byte; undefined when there is none. */
export const UPLINK_NAME_OF: readonly (UplinkName | undefined)[] = byCode(UPLINK_NAMES);
const DOWNLINK_NAME_OF = byCode(DOWNLINK_NAMES);
const RESERVED_TYPES: ReadonlySet<number> = new Set(Object.values(RESERVED));

function byCode<Name extends MessageName>(names: readonly Name[]): (Name | undefined)[] {
  return Array.from({ length: 256 }, (_, code) =>
    names.find((name) => MESSAGES[name].code === code),
  );
}

const TYPE_OFFSET = 3;

/** Refusal of an unknown type byte; the offset is that of the type in the frame's header. */
export function refuseType(type: number): Refused {
  const reason = RESERVED_TYPES.has(type) ? 'unsupported_type' : 'unknown_type';
  return { ok: false, reason, offset: TYPE_OFFSET };
}

/**
 * Decodes an opened uplink payload. A day report gets a new structure; for many of them use `decodeDayReport` with a
 * reused one.
 */
export function decodeUplink(type: number, payload: Uint8Array): Decoded<UplinkMessage> {
  const name = UPLINK_NAME_OF[type];
  return name === undefined ? refuseType(type) : MESSAGES[name].decode(payload);
}

/** Decodes an opened downlink payload. */
export function decodeDownlink(type: number, payload: Uint8Array): Decoded<DownlinkMessage> {
  const name = DOWNLINK_NAME_OF[type];
  return name === undefined ? refuseType(type) : MESSAGES[name].decode(payload);
}

function decodeOwnDayReport(payload: Uint8Array): Decoded<DayReportMessage> {
  const report = createDayReport();
  const decoded = decodeDayReport(payload, report);
  return decoded.ok ? { ok: true, message: { type: 'day_report', report } } : decoded;
}

/** Encodes a message's payload; a RangeError on a value that its field cannot hold. */
export function encodeMessage(message: UplinkMessage | DownlinkMessage): Buffer {
  // The row of this message's type, which the compiler does not follow through a union.
  const { encode } = MESSAGES[message.type] as Codec<UplinkMessage | DownlinkMessage>;
  return encode(message);
}

/** Encodes a message and seals it into a frame; the key must be the one for its direction. */
export function sealMessage(envelope: Envelope, message: UplinkMessage | DownlinkMessage): Buffer {
  return sealFrame(envelope, MESSAGE_TYPE[message.type], encodeMessage(message));
}
