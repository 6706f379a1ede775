/** MQTT 3.1.1 packets of a terminal as bytes, for loads for which a client library is too slow. */

/** CONNECT [TERM-3.1]. */
export function connectPacket(terminalNumber: string, secret: string): Buffer {
  const protocol = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 0xc2, 0, 60]);
  return packet(0x10, protocol, ...[terminalNumber, terminalNumber, secret].map(text));
}

/** PUBLISH with QoS 1 of one frame; the identifier is 1 to 65,535. */
export function publishPacket(terminalNumber: string, identifier: number, frame: Buffer): Buffer {
  const id = Buffer.from([identifier >> 8, identifier & 0xff]);
  return packet(0x32, text(`t/${terminalNumber}/up`), id, frame);
}

export const DISCONNECT_PACKET = Buffer.from([0xe0, 0]);

export type Answer =
  | { type: 'connack'; returnCode: number }
  | { type: 'puback'; identifier: number };

/** Reads the stream of a broker that only answers, and reports each answer; CONNACK and PUBACK both have four bytes. */
export function answerReader(onAnswer: (answer: Answer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    let bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (; bytes.length >= 4; bytes = bytes.subarray(4)) {
      if (bytes[0] === 0x40) onAnswer({ type: 'puback', identifier: bytes.readUInt16BE(2) });
      else onAnswer({ type: 'connack', returnCode: bytes[3]! });
    }
    rest = bytes;
  };
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

function packet(type: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length =
    body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return Buffer.concat([Buffer.from([type, ...length]), body]);
}
