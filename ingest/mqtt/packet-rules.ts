// MQTT 3.1.1 packets that a terminal may send, byte by byte [TERM-2, TERM-3]. The broker's parser is lenient: it
// accepts other protocol levels, packet identifier 0, and bytes after the last field. Here each packet but PUBLISH is
// read as a whole.

const TYPE = {
  ...{ connect: 1, publish: 3, puback: 4 },
  ...{ subscribe: 8, unsubscribe: 10, pingreq: 12, disconnect: 14 },
} as const;

/**
 * wrong_protocol: not MQTT 3.1.1; malformed: not a packet that a client may send; wrong_subscription: more than one
 * filter.
 */
export type PacketFault = 'wrong_protocol' | 'malformed' | 'wrong_subscription';

/** Fault of a fixed header's first byte, or undefined. */
export function headerFault(typeByte: number): PacketFault | undefined {
  const flags = typeByte & 0x0f;
  switch (typeByte >> 4) {
    case TYPE.publish:
      return (flags & 0x06) === 0x06 ? 'malformed' : undefined;
    case TYPE.subscribe:
    case TYPE.unsubscribe:
      return flags === 0x02 ? undefined : 'malformed';
    case TYPE.connect:
    case TYPE.puback:
    case TYPE.pingreq:
    case TYPE.disconnect:
      return flags === 0 ? undefined : 'malformed';
    default:
      return 'malformed';
  }
}

/** Fault of a packet that is not PUBLISH, or undefined; `body` is what follows its fixed header. */
export function bodyFault(typeByte: number, body: Buffer): PacketFault | undefined {
  switch (typeByte >> 4) {
    case TYPE.connect:
      return connectFault(body);
    case TYPE.puback:
      return body.length === 2 && body.readUInt16BE(0) !== 0 ? undefined : 'malformed';
    case TYPE.subscribe:
      return filtersFault(body, 1);
    case TYPE.unsubscribe:
      return filtersFault(body, 0);
    default:
      return body.length === 0 ? undefined : 'malformed';
  }
}

export function isPublish(typeByte: number): boolean {
  return typeByte >> 4 === TYPE.publish;
}

/** Identifier of a valid PUBACK; undefined for every other packet. */
export function acknowledgedIdentifier(typeByte: number, body: Buffer): number | undefined {
  return typeByte >> 4 === TYPE.puback ? body.readUInt16BE(0) : undefined;
}

const PROTOCOL = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4]);
const FLAG = { reserved: 0x01, will: 0x04, willDetail: 0x38, password: 0x40, user: 0x80 };

function connectFault(body: Buffer): PacketFault | undefined {
  const name = textEnd(body, 0);
  if (name === undefined || name >= body.length) return 'malformed';
  if (!body.subarray(0, PROTOCOL.length).equals(PROTOCOL)) return 'wrong_protocol';
  const flags = body[PROTOCOL.length];
  if (flags === undefined || !areFlagsGood(flags)) return 'malformed';
  // Client id; then will topic and will message, user name, password, each if its flag is set.
  const texts =
    1 + (flags & FLAG.will ? 2 : 0) + (flags & FLAG.user ? 1 : 0) + (flags & FLAG.password ? 1 : 0);
  let at: number | undefined = PROTOCOL.length + 3;
  for (let text = 0; text < texts && at !== undefined; text += 1) at = textEnd(body, at);
  return at === body.length ? undefined : 'malformed';
}

function areFlagsGood(flags: number): boolean {
  if (flags & FLAG.reserved) return false;
  if (!(flags & FLAG.will) && flags & FLAG.willDetail) return false;
  return Boolean(flags & FLAG.user) || !(flags & FLAG.password);
}

/** An identifier other than 0, then filters with that many bytes after each, to the last byte. */
function filtersFault(body: Buffer, bytesAfter: 0 | 1): PacketFault | undefined {
  if (body.length <= 2 || body.readUInt16BE(0) === 0) return 'malformed';
  let filters = 0;
  for (let at = 2; at < body.length; filters += 1) {
    const end = textEnd(body, at);
    if (end === undefined || (bytesAfter === 1 && (body[end] ?? 3) > 2)) return 'malformed';
    at = end + bytesAfter;
  }
  return filters === 1 ? undefined : 'wrong_subscription';
}

/** End of a text with its two bytes of length; undefined when it would be after the body. */
function textEnd(body: Buffer, at: number): number | undefined {
  if (at + 2 > body.length) return undefined;
  const end = at + 2 + body.readUInt16BE(at);
  return end > body.length ? undefined : end;
}
