/**
 * A terminal for tests of the sidecar: registered in the test's database with its own key, and controlled frame by
 * frame. Unlike the simulator it also does what a terminal must not do.
 */
import { randomBytes } from 'node:crypto';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type pg from 'pg';
import { fitHousehold, type Household } from '../../db/testing/fixtures.ts';
import { type Kek, parseKek } from '../../lib/keys/kek.ts';
import type { KekProvider } from '../../lib/keys/kek-provider.ts';
import { wrapKey } from '../../lib/keys/key-wrap.ts';
import { createTerminalKey, deriveTerminalKey } from '../../lib/keys/terminal-key.ts';
import { terminalBcd } from '../protocol/bcd.ts';
import { createDayReport } from '../protocol/day-report.ts';
import { decodeHeader, openFrame } from '../protocol/frame.ts';
import { type HourlyValues, packHourly } from '../protocol/hourly-values.ts';
import {
  type DownlinkMessage,
  decodeDownlink,
  sealMessage,
  type UplinkMessage,
} from '../protocol/message.ts';
import { terminalTime, wireDay } from '../protocol/wire-time.ts';

/** One key-encryption key for all utilities of a test. */
export const testKek: Kek = parseKek('5a'.repeat(32), 'the test');
export const testKeks: KekProvider = async () => testKek;

type Admin = Pick<pg.Pool, 'query'>;

export interface TestTerminal extends Household {
  utilityId: number;
  key: Buffer;
  /** The last used uplink counter. */
  counter: number;
}

/** A household whose terminal has generation 1 of its key. */
export async function registerTerminal(admin: Admin, utilityId: number): Promise<TestTerminal> {
  const home = await fitHousehold(admin, utilityId);
  const key = createTerminalKey();
  await addKey(admin, { utilityId, terminalId: home.terminalId, generation: 1, key });
  return { ...home, utilityId, key, counter: 0 };
}

export async function addKey(
  admin: Admin,
  of: { utilityId: number; terminalId: number; generation: number; key: Buffer },
): Promise<void> {
  await admin.query(
    `insert into terminal_key (utility_id, terminal_id, generation, wrapped_key, kek_id) values ($1, $2, $3, $4, $5)`,
    [of.utilityId, of.terminalId, of.generation, wrapKey(testKek.key, of.key), testKek.id],
  );
}

/** Seals a message with the next counter, or with the given one. */
export function seal(
  terminal: TestTerminal,
  message: UplinkMessage,
  options: { counter?: number; generation?: number; key?: Buffer } = {},
): Buffer {
  if (options.counter === undefined) terminal.counter += 1;
  const bcd = terminalBcd(terminal.terminalNumber);
  return sealMessage(
    {
      key: deriveTerminalKey(options.key ?? terminal.key, 'uplink', bcd),
      terminalBcd: bcd,
      generation: options.generation ?? 1,
      counter: options.counter ?? terminal.counter,
    },
    message,
  );
}

export interface DayContent {
  day: string;
  indexL?: HourlyValues;
  pressurePa?: HourlyValues;
  serial?: string;
  history?: boolean;
  requested?: boolean;
  sealedAt?: Date;
}

/** A day report message; by default a register that rises by ten litres an hour. */
export function dayReport(terminal: TestTerminal, content: DayContent): UplinkMessage {
  const report = createDayReport();
  report.day = wireDay(content.day);
  report.meterSerial = content.serial ?? terminal.serial;
  report.history = content.history ?? false;
  report.requested = content.requested ?? false;
  report.terminalTimeS = terminalTime(content.sealedAt ?? new Date());
  const rising = Array.from({ length: 24 }, (_, hour) => 1000 + 10 * hour);
  report.indexMask = packHourly('index', content.indexL ?? rising, report.indexL);
  const steady = Array.from({ length: 24 }, () => 2000);
  report.pressureMask = packHourly('pressure', content.pressurePa ?? steady, report.pressurePa);
  report.batteryMv = 3600;
  report.signalDbm = -90;
  report.firmware = 258;
  return { type: 'day_report', report };
}

export interface TestConnection {
  client: MqttClient;
  /** Resolves on PUBACK; rejects when the connection ends before it. */
  send(frame: Uint8Array): Promise<void>;
  /** Resolves when the broker has closed the connection. */
  ended: Promise<void>;
  end(): Promise<void>;
}

/** Connects once, without reconnecting; rejects when it is refused. */
export async function connectTerminal(
  url: string,
  terminal: Pick<TestTerminal, 'terminalNumber' | 'secret'>,
  options: IClientOptions = {},
): Promise<TestConnection> {
  const client = mqtt.connect(url, {
    clientId: terminal.terminalNumber,
    username: terminal.terminalNumber,
    password: terminal.secret,
    reconnectPeriod: 0,
    ...options,
  });
  client.setMaxListeners(0);
  const ended = new Promise<void>((resolve) => client.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
    client.once('close', () => reject(new Error('closed before it was connected')));
  });
  client.on('error', () => undefined);
  return {
    client,
    ended,
    send: (frame) => publish(client, `t/${terminal.terminalNumber}/up`, frame),
    end: async () => {
      await client.endAsync(true);
    },
  };
}

function publish(client: MqttClient, topic: string, frame: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const onClose = () => reject(new Error('the connection ended before the acknowledgement'));
    client.once('close', onClose);
    client.publish(topic, Buffer.from(frame), { qos: 1 }, (error) => {
      client.off('close', onClose);
      if (error) reject(error);
      else resolve();
    });
  });
}

/**
 * Subscribes to the down topic; returns the messages in order. The clock and window, which every terminal gets at its
 * first contact, are left out unless requested.
 */
export async function listenDown(
  connection: TestConnection,
  terminal: TestTerminal,
  { withSettings = false } = {},
): Promise<() => Promise<DownlinkMessage>> {
  const messages: DownlinkMessage[] = [];
  const waiting: ((message: DownlinkMessage) => void)[] = [];
  connection.client.on('message', (_topic, payload) => {
    const message = openDown(terminal, payload);
    if (message.type === 'set_clock' && !withSettings) return;
    const next = waiting.shift();
    if (next) next(message);
    else messages.push(message);
  });
  await connection.client.subscribeAsync(`t/${terminal.terminalNumber}/down`, { qos: 1 });
  return () => {
    const message = messages.shift();
    if (message) return Promise.resolve(message);
    return new Promise((resolve) => waiting.push(resolve));
  };
}

function openDown(terminal: TestTerminal, frame: Buffer): DownlinkMessage {
  const bcd = terminalBcd(terminal.terminalNumber);
  const header = decodeHeader(frame, 'down');
  if (!header.ok) throw new Error(header.reason);
  const opened = openFrame(frame, header, deriveTerminalKey(terminal.key, 'downlink', bcd), bcd);
  if (!opened.ok) throw new Error(opened.reason);
  const decoded = decodeDownlink(header.type, opened.payload);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.message;
}

/** Bytes that are not a frame. */
export function noise(length: number): Buffer {
  return randomBytes(length);
}
