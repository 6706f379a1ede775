/**
 * The demo's mail server on the loopback interface: accepts every mail, forwards none, and keeps the latest as files
 * that a mail program opens.
 */
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { type CaughtMail, readMail } from './caught-mail.ts';

/** Number of mails kept; older files are removed. */
const KEPT = 100;
const MAX_BYTES = 1_000_000;
const FILE = /^(\d+)\.eml$/;

export interface MailCatcher {
  name: 'mail catcher';
  port: number;
  stop: () => Promise<void>;
}

export async function startMailCatcher(options: {
  /** Port to listen on; 0 for a free port. */
  port: number;
  /** Folder of the mails; created when missing. */
  folder: string;
  onMail: (mail: CaughtMail, file: string) => void;
}): Promise<MailCatcher> {
  const { port, folder, onMail } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const receive: NonNullable<SMTPServerOptions['onData']> = async (stream, _session, done) => {
    try {
      const raw = await text(stream);
      // The SMTP server answers the refusal itself; the error keeps the file from being written.
      if (stream.sizeExceeded) throw new Error('the mail is too large');
      onMail(readMail(raw), keep(folder, raw));
      done(null, 'caught');
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const server = new SMTPServer({
    ...{ disabledCommands: ['AUTH', 'STARTTLS'], disableReverseLookup: true },
    ...{ size: MAX_BYTES, rejectOversized: true, closeTimeout: 1000 },
    onData: (stream, session, done) => void receive(stream, session, done),
  });
  const listener = server.listen(port, '127.0.0.1');
  await once(listener, 'listening');
  // A broken connection of one client does not end the server.
  server.on('error', () => undefined);
  return {
    name: 'mail catcher',
    port: (listener.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Kept mails, oldest first. */
export function listCaught(folder: string): CaughtMail[] {
  return numbersIn(folder).map((number) => readMail(readFileSync(fileOf(folder, number), 'utf8')));
}

/** Writes a mail under the next number, removes the oldest beyond `KEPT` and returns the file's path. */
function keep(folder: string, raw: string): string {
  const numbers = numbersIn(folder);
  const file = fileOf(folder, (numbers.at(-1) ?? 0) + 1);
  writeFileSync(file, raw, { mode: 0o600 });
  for (const old of numbers.slice(0, Math.max(0, numbers.length + 1 - KEPT))) {
    rmSync(fileOf(folder, old), { force: true });
  }
  return file;
}

function numbersIn(folder: string): number[] {
  return readdirSync(folder)
    .map((name) => Number(FILE.exec(name)?.[1]))
    .filter(Number.isInteger)
    .sort((a, b) => a - b);
}

function fileOf(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(6, '0')}.eml`);
}
