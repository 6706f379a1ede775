import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CaughtMail, readMail } from './caught-mail.ts';
import { listCaught, type MailCatcher, startMailCatcher } from './mail-catcher.ts';

let folder: string;
let catcher: MailCatcher;
const shown: [CaughtMail, string][] = [];

beforeEach(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'kenshin-mail-')), 'mail');
  shown.length = 0;
  const onMail = (mail: CaughtMail, file: string) => void shown.push([mail, file]);
  catcher = await startMailCatcher({ port: 0, folder, onMail });
});
afterEach(async () => {
  await catcher.stop();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const send = (mail: { subject: string; text: string }) =>
  createTransport({ host: '127.0.0.1', port: catcher.port }).sendMail({
    ...{ from: 'kenshin@cloud.example', to: 'hoan@minato-gas.example', ...mail },
  });

describe('the mail server of the demo', () => {
  it('keeps a mail in a file of its owner alone, and tells of it', async () => {
    const subject = '試験メール(港ガス株式会社)。件名が長くなると何行かに分けて送られる';
    await send({ subject, text: '一行目\n二行目\n' });
    const expected = { subject, to: 'hoan@minato-gas.example', text: '一行目\n二行目\n' };
    expect(shown).toEqual([[expect.objectContaining(expected), join(folder, '000001.eml')]]);
    expect(listCaught(folder)).toMatchObject([expected]);
    expect(statSync(join(folder, '000001.eml')).mode & 0o777).toBe(0o600);
  });

  it('keeps the latest hundred', async () => {
    for (let number = 1; number <= 100; number += 1) {
      writeFileSync(join(folder, `${String(number).padStart(6, '0')}.eml`), '');
    }
    await send({ subject: 'one more', text: 'x' });
    const files = readdirSync(folder).sort();
    expect([files.length, files[0], files.at(-1)]).toEqual([100, '000002.eml', '000101.eml']);
  });

  it('refuses a mail that is too large, and keeps nothing of it', async () => {
    await expect(send({ subject: 'x', text: 'x'.repeat(2_000_000) })).rejects.toThrow('552');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a mail that is read', () => {
  it.each([
    ['base64', 'YcOkCg==\r\n', 'aä\n'],
    ['quoted-printable', 'a=C3=A4 long=\r\n er\r\n', 'aä long er\n'],
    ['7bit', 'a\r\n\r\nb\r\n', 'a\n\nb\n'],
  ])('has its text, coded as %s', (encoding, body, text) => {
    const head = `Subject: =?UTF-8?Q?a_=C3=A4?=\r\n =?UTF-8?B?w6Q=?= b\r\nTo: x@y.example\r\nto: z@y.example`;
    const raw = `${head}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`;
    expect(readMail(raw)).toMatchObject({ text, subject: 'a ää b', to: 'x@y.example' });
  });
});
