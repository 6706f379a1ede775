// The examples of docs/terminal-protocol.md, a specification that others implement, must be correct.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keyCheckValue } from '../../lib/keys/kek.ts';
import { unwrapKey, wrapKey } from '../../lib/keys/key-wrap.ts';
import { deriveTerminalKey } from '../../lib/keys/terminal-key.ts';
import { openCcm } from './aes-ccm.ts';
import { terminalBcd } from './bcd.ts';
import { decodeHeader, openFrame } from './frame.ts';
import { hourlyValues } from './hourly-values.ts';
import {
  DOWNLINK_NAMES,
  type DownlinkMessage,
  decodeDownlink,
  decodeUplink,
  sealMessage,
  UPLINK_NAMES,
  type UplinkMessage,
} from './message.ts';
import { dayOfWire, terminalInstant } from './wire-time.ts';

const root = new URL('../../', import.meta.url);
const document = readFileSync(new URL('docs/terminal-protocol.md', root), 'utf8');

type Block = Readonly<Record<string, string>>;

/** Fenced blocks of one kind; a line that begins with a space continues the field above. */
function blocksOf(kind: string): Block[] {
  const found = document.matchAll(new RegExp(`^\`\`\`${kind}\n([^]*?)^\`\`\``, 'gm'));
  return [...found].map(([, text]) => {
    const fields = text!.split(/^(?=[a-z ]+:)/m).map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon), field.slice(colon + 1).trim()] as const;
    });
    return Object.fromEntries(fields);
  });
}

function hex(text: string | undefined): Buffer {
  const digits = (text ?? '').replace(/\s+/g, '');
  expect(digits).toMatch(/^([0-9a-f]{2})+$/);
  return Buffer.from(digits, 'hex');
}

const keys = blocksOf('keys')[0]!;
const frames = blocksOf('frame');
const bcd = terminalBcd(keys.terminal!);

function isUp(block: Block): boolean {
  expect(['up', 'down']).toContain(block.direction);
  return block.direction === 'up';
}

function keyOf(block: Block): Buffer {
  return hex(isUp(block) ? keys.uplink : keys.downlink);
}

function decode(block: Block) {
  const frame = hex(block.frame);
  const header = decodeHeader(frame, isUp(block) ? 'up' : 'down');
  if (!header.ok) return header;
  const opened = openFrame(frame, header, keyOf(block), bcd);
  if (!opened.ok) return opened;
  return isUp(block)
    ? decodeUplink(header.type, opened.payload)
    : decodeDownlink(header.type, opened.payload);
}

function timeText(terminalTimeS: number): string {
  return terminalInstant(terminalTimeS).toISOString().replace('.000', '');
}

/** A message with the field names of the document. */
function described(message: UplinkMessage | DownlinkMessage): Record<string, unknown> {
  if (message.type === 'day_report') {
    const { indexMask, pressureMask, terminalTimeS, ...report } = message.report;
    return {
      type: message.type,
      ...report,
      day: dayOfWire(report.day),
      terminalTime: timeText(terminalTimeS),
      indexL: hourlyValues(report.indexL, indexMask),
      pressurePa: hourlyValues(report.pressurePa, pressureMask),
    };
  }
  const { type, ...fields } = message;
  const words = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    if (typeof value === 'object') return Object.entries(value);
    if (name === 'terminalTimeS') return [['terminalTime', timeText(value)]];
    return [[name, name.endsWith('Day') ? dayOfWire(value) : value]];
  });
  return { type, ...Object.fromEntries(words) };
}

describe('the keys of the specification', () => {
  it('are wrapped, checked, packed and derived as it says', () => {
    const kek = hex(keys.kek);
    const key = hex(keys.key);
    expect(keyCheckValue(kek)).toBe(keys['kek id']);
    expect(wrapKey(kek, key)).toEqual(hex(keys.wrapped));
    expect(unwrapKey(kek, hex(keys.wrapped))).toEqual({ ok: true, key });
    expect(bcd).toEqual(hex(keys.packed));
    for (const purpose of ['uplink', 'downlink', 'valve'] as const) {
      expect(deriveTerminalKey(key, purpose, bcd)).toEqual(hex(keys[purpose]));
    }
  });
});

describe('the worked frames of the specification', () => {
  const accepted = frames.filter((block) => block.message !== undefined);
  const refused = frames.filter((block) => block.refused !== undefined);

  it('show every message type and some refusals', () => {
    const types = accepted.map((block) => JSON.parse(block.message!).type);
    expect([...new Set(types)]).toEqual([...UPLINK_NAMES, ...DOWNLINK_NAMES]);
    expect(refused).toHaveLength(4);
    expect(accepted.length + refused.length).toBe(frames.length);
  });

  it.each(accepted)('decode to the stated message: $header', (block) => {
    const decoded = decode(block);
    if (!decoded.ok) throw new Error(`${decoded.reason} at ${decoded.offset}`);
    expect(described(decoded.message)).toEqual(JSON.parse(block.message!));
    const counter = hex(block.header).readUInt32BE(4);
    const envelope = { key: keyOf(block), terminalBcd: bcd, generation: 0, counter };
    expect(sealMessage(envelope, decoded.message)).toEqual(hex(block.frame));
  });

  it.each(refused)('are refused as stated: $refused', (block) => {
    const decoded = decode(block);
    expect(decoded.ok ? 'accepted' : `${decoded.reason} at ${decoded.offset}`).toBe(block.refused);
  });

  it.each(frames.filter((block) => block.nonce !== undefined))(
    'have the stated header, nonce and payload: $header',
    (block) => {
      const frame = hex(block.frame);
      const aad = hex(block.header);
      expect(frame.subarray(0, 8)).toEqual(aad);
      const input = { key: keyOf(block), nonce: hex(block.nonce), aad, tagBytes: 16 };
      expect(openCcm(input, frame.subarray(8))).toEqual(hex(block.payload));
    },
  );
});

describe('the clauses that the code cites', () => {
  it('stand in the specification', () => {
    const sections = [...document.matchAll(/^## ([0-9]+)\. /gm)].map(([, id]) => `TERM-${id}`);
    const numbered = [...document.matchAll(/\*\*\[(TERM-[0-9.]+)\]/g)].map(([, id]) => id!);
    const clauses = new Set([...sections, ...numbered]);
    const cited = ['ingest/protocol/', 'lib/keys/'].flatMap((folder) =>
      readdirSync(new URL(folder, root)).flatMap((file) => {
        const text = readFileSync(new URL(folder + file, root), 'utf8');
        return [...text.matchAll(/\[(TERM-[0-9.]*[0-9])\]/g)].map(([, id]) => id!);
      }),
    );
    expect(cited.length).toBeGreaterThan(20);
    expect(cited.filter((id) => !clauses.has(id))).toEqual([]);
  });
});
