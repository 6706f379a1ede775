import { describe, expect, it } from 'vitest';
import { mailServerOf, readIngestConfig, readWorkerConfig } from './config.ts';

const DATABASE_URL = 'postgres://worker@127.0.0.1/kenshin';
const KENSHIN_MAIL_FROM = 'kenshin@cloud.example';
const serverOf = (settings: Record<string, string>) =>
  mailServerOf(readWorkerConfig({ DATABASE_URL, ...settings }));

describe('the mail server of the worker', () => {
  it('is none unless it is configured', () => {
    expect(serverOf({})).toBeUndefined();
  });

  it.each([
    ['smtp://mail.gas.example', {}, 'required'],
    ['smtp://mail.gas.example', { KENSHIN_SMTP_TLS: 'if-offered' }, 'if-offered'],
    ['smtps://mail.gas.example', { KENSHIN_SMTP_TLS: 'if-offered' }, 'from-start'],
    ['smtps://cloud:secret@mail.gas.example', { KENSHIN_SMTP_TLS: 'if-offered' }, 'from-start'],
    ['smtp://cloud:secret@127.0.0.1', { KENSHIN_SMTP_TLS: 'if-offered' }, 'none'],
    ['smtp://127.0.0.1:25', {}, 'none'],
    ['smtp://[::1]:25', {}, 'none'],
    ['smtp://localhost:25', {}, 'none'],
    ['smtps://localhost', {}, 'from-start'],
    ['smtp://127.0.0.1.gas.example', {}, 'required'],
  ])('%s, with %o, has the encryption %s', (KENSHIN_SMTP_URL, settings, tls) => {
    const server = serverOf({ KENSHIN_SMTP_URL, KENSHIN_MAIL_FROM, ...settings });
    expect(server).toMatchObject({ tls, from: KENSHIN_MAIL_FROM });
  });

  it.each([
    ['without a sender', { KENSHIN_SMTP_URL: 'smtp://mail.gas.example' }],
    ['without a server', { KENSHIN_MAIL_FROM }],
    ['with a sender that is no address', { KENSHIN_SMTP_URL: 'smtp://m', KENSHIN_MAIL_FROM: 'k' }],
    ['with a word for TLS that is none', { KENSHIN_SMTP_TLS: 'no' }],
    [
      'with a password that may go in clear',
      {
        ...{ KENSHIN_SMTP_URL: 'smtp://cloud:secret@mail.gas.example', KENSHIN_MAIL_FROM },
        KENSHIN_SMTP_TLS: 'if-offered',
      },
    ],
  ])('is refused %s', (_what, settings) => {
    expect(() => serverOf(settings)).toThrow('The configuration is not complete');
  });

  it('is that of the sidecar for a worker inside it', () => {
    const sidecar = { DATABASE_URL, KENSHIN_KEK_DIRECTORY: '/keys', KENSHIN_MAIL_FROM };
    const settings = { ...sidecar, KENSHIN_SMTP_URL: 'smtps://mail.gas.example' };
    const expected = { host: 'mail.gas.example', port: 465, tls: 'from-start' };
    expect(mailServerOf(readIngestConfig(settings))).toMatchObject(expected);
    expect(() => readIngestConfig(sidecar)).toThrow('KENSHIN_MAIL_FROM go together');
  });

  it('that cannot be read is reported without its password', () => {
    const settings = { KENSHIN_SMTP_URL: 'smtp://u:secret@host/x', KENSHIN_MAIL_FROM };
    expect(() => serverOf(settings)).toThrow(/KENSHIN_SMTP_URL: give smtp:\/\/HOST:PORT/);
    expect(() => serverOf(settings)).not.toThrow('secret');
  });
});
