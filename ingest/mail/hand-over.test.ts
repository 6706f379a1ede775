import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MailServer } from '../../lib/mail/mail-server.ts';
import { createCertificate, type TestCertificate } from '../testing/certificate.ts';
import {
  type Refusal,
  settingsOf,
  startMailServer,
  startSilentServer,
  type TestMailServer,
  type TestMailServerOptions,
} from '../testing/mail-server.ts';
import { handOver, newMessageId, SMTP_TIMES } from './hand-over.ts';

const MAIL = {
  to: 'hoan@minato-gas.example',
  subject: '遮断のお知らせ:港ガス株式会社 無線機ID 00000000000001',
  text: 'お客様番号 000123\n.\n点で始まる行も届く\n',
  messageId: '<1@cloud.example>',
  date: new Date('2026-11-26T10:00:00+09:00'),
};
/** Times far above a reply on loopback and far below the limit of a test. */
const SHORT = { connectMs: 2000, greetingMs: 300, silenceMs: 300, wholeMs: 20_000 };

const closing: (() => unknown)[] = [];
let certificate: TestCertificate;
beforeAll(() => {
  certificate = createCertificate();
  return () => certificate.remove();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(options?: TestMailServerOptions): Promise<TestMailServer> {
  const server = await startMailServer(options);
  closing.push(server.close);
  return server;
}

const send = (server: MailServer, mail: Partial<typeof MAIL> = {}, times = SMTP_TIMES) =>
  handOver(server, { ...MAIL, ...mail }, { times });

describe('a mail that is handed over', () => {
  it('arrives as it was made, and the reply of the server is known', async () => {
    const server = await serve();
    expect(await send(server.settings)).toEqual({
      outcome: 'accepted',
      reply: '250 queued as 1',
    });
    const [mail] = server.accepted;
    expect(mail).toMatchObject({
      subject: MAIL.subject,
      text: MAIL.text,
      messageId: MAIL.messageId,
      from: 'Kenshin <kenshin@cloud.example>',
      to: MAIL.to,
      sender: 'kenshin@cloud.example',
      recipients: [MAIL.to],
    });
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail?.headers.get('date')).toBe('Thu, 26 Nov 2026 01:00:00 +0000');
    expect(mail?.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  it.each<[string, Refusal, 'deferred' | 'refused']>([
    ['the recipient for now', { at: 'recipient', code: 450, says: 'later' }, 'deferred'],
    ['the recipient for good', { at: 'recipient', code: 550, says: 'no such box' }, 'refused'],
    ['the recipient without a sign-in', { at: 'recipient', code: 530, says: 'who?' }, 'deferred'],
    ['the text for now', { at: 'data', code: 451, says: 'busy' }, 'deferred'],
    ['the text for good', { at: 'data', code: 554, says: 'spam' }, 'refused'],
    // A refused sender is an error of the configuration.
    ['the sender for good', { at: 'sender', code: 553, says: 'not you' }, 'deferred'],
    ['everybody', { at: 'greeting', code: 554, says: 'closed' }, 'deferred'],
  ])('is, where the server refuses %s, %o: %s', async (_whom, refusal, outcome) => {
    const server = await serve();
    server.refusals.push(refusal);
    expect(await send(server.settings)).toEqual({
      outcome,
      error: expect.stringContaining(`${refusal.code} ${refusal.says}`),
    });
    expect(server.accepted).toEqual([]);
    // The next attempt succeeds.
    expect(await send(server.settings)).toMatchObject({ outcome: 'accepted' });
  });

  it('is tried again where nothing listens', async () => {
    const server = await startMailServer();
    await server.close();
    expect(await send(server.settings)).toEqual({
      outcome: 'deferred',
      error: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it.each([
    ['its greeting never comes', SHORT],
    [
      'the whole of it takes too long',
      { ...SHORT, greetingMs: 60_000, silenceMs: 60_000, wholeMs: 300 },
    ],
  ])('is tried again where %s', async (_what, times) => {
    const server = await startSilentServer();
    closing.push(server.close);
    expect(await send(server.settings, {}, times)).toMatchObject({ outcome: 'deferred' });
    expect(server.connections()).toBe(1);
  });

  it('is tried again where the worker has to end', async () => {
    const server = await startSilentServer();
    closing.push(server.close);
    const ending = new AbortController();
    const sending = handOver(server.settings, MAIL, { signal: ending.signal });
    ending.abort(new Error('the worker ends'));
    expect(await sending).toMatchObject({ outcome: 'deferred' });
  });

  it('names no address in the recorded error', async () => {
    const server = await serve();
    const says = `<${MAIL.to}>: user hoan@MINATO-gas.example unknown, ask postmaster@minato-gas.example`;
    server.refusals.push({ at: 'recipient', code: 550, says });
    const handed = await send(server.settings);
    expect(handed).toMatchObject({
      error: expect.stringContaining('550 <(address)>: user (address) unknown, ask (address)'),
    });
    expect(JSON.stringify(handed)).not.toContain('minato');
  });

  it('leaves no part of an address where a long reply is cut', async () => {
    const server = await serve();
    const says = `${`${MAIL.to} `.repeat(200)}`;
    server.refusals.push({ at: 'recipient', code: 550, says });
    expect(JSON.stringify(await send(server.settings))).not.toContain('hoan');
  });

  // A search that takes the square of the length would stop the process for a minute, and for hours at a megabyte.
  it('is read to its beginning where the reply is long and has no blank', async () => {
    const server = await serve();
    server.refusals.push({ at: 'recipient', code: 550, says: 'a'.repeat(100_000) });
    expect(await send(server.settings)).toMatchObject({ outcome: 'refused' });
  });
});

describe('encryption', () => {
  it('that is required and not offered: nothing is sent', async () => {
    const server = await serve();
    const handed = await send({ ...server.settings, tls: 'required' });
    expect(handed).toEqual({ outcome: 'deferred', error: expect.stringContaining('STARTTLS') });
    expect(server.senders).toEqual([]);
  });

  it('with an untrusted certificate: nothing is sent', async () => {
    const server = await serve({ certificate });
    for (const tls of ['required', 'if-offered'] as const) {
      const handed = await send({ ...server.settings, tls });
      expect(handed).toEqual({
        outcome: 'deferred',
        error: expect.stringContaining('certificate'),
      });
    }
    expect(server.senders).toEqual([]);
  });

  it('is used where it is offered, with sign-in and mail inside it', async () => {
    const server = await serve({ certificate, password: 'p:w/d' });
    const auth = { user: 'cloud', password: 'p:w/d' };
    const settings = { ...server.settings, ca: certificate.ca, auth };
    for (const tls of ['required', 'if-offered'] as const) {
      expect(await send({ ...settings, tls })).toMatchObject({ outcome: 'accepted' });
    }
    expect(server.accepted.map(({ isEncrypted, user }) => [isEncrypted, user])).toEqual([
      [true, 'cloud'],
      [true, 'cloud'],
    ]);
  });

  it('is not required of a server on the same machine', async () => {
    const server = await serve({ certificate });
    expect(await send(server.settings)).toMatchObject({ outcome: 'accepted' });
    expect(server.accepted[0]?.isEncrypted).toBe(false);
  });
});

describe('a sign-in', () => {
  it.each([
    ['with a wrong password is refused', { password: 'right' }],
    ['that the server does not know is not left out', {}],
  ])('%s: nothing is sent, and it is tried again', async (_what, options) => {
    const server = await serve(options);
    const auth = { user: 'cloud', password: 'wrong' };
    expect(await send({ ...server.settings, auth })).toMatchObject({ outcome: 'deferred' });
    expect(server.senders).toEqual([]);
  });

  it('that the server repeats is not recorded', async () => {
    const auth = { user: 'cloud', password: 'wrong/secret' };
    const inBase64 = (text: string) => Buffer.from(text).toString('base64');
    const repeated = [inBase64('\0cloud\0wrong/secret'), inBase64(auth.password), auth.password];
    const server = await serve({ password: 'right', repeats: `bad ${repeated.join(' ')}` });
    expect(await send({ ...server.settings, auth })).toMatchObject({
      outcome: 'deferred',
      error: expect.stringContaining('535 bad (password) (password) (password)'),
    });
  });
});

describe('what would be a header or a command of its own', () => {
  it('in a subject stays in the subject', async () => {
    const server = await serve();
    const subject = 'お知らせ\r\nBcc: all@minato-gas.example\r\n\r\nanother text';
    expect(await send(server.settings, { subject })).toMatchObject({ outcome: 'accepted' });
    const [mail] = server.accepted;
    expect(mail?.headers.has('bcc')).toBe(false);
    expect(mail).toMatchObject({ recipients: [MAIL.to], text: MAIL.text });
  });

  it('in an address: nothing is sent', async () => {
    const server = await serve();
    const to = 'hoan@minato-gas.example>\r\nRCPT TO:<all@minato-gas.example';
    expect(await send(server.settings, { to })).toMatchObject({ outcome: 'refused' });
    expect(server.senders).toEqual([]);
  });
});

it('a Message-ID is of the sender’s domain', () => {
  expect(newMessageId(settingsOf(25), 'a-1')).toBe('<a-1@cloud.example>');
});
