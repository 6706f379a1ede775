import { expect, it } from 'vitest';
import { parseSmtpUrl } from './mail-server.ts';

it.each([
  ['smtp://mail.gas.example', { host: 'mail.gas.example', port: 587, isEncrypted: false }],
  ['smtps://mail.gas.example/', { host: 'mail.gas.example', port: 465, isEncrypted: true }],
  ['smtp://127.0.0.1:25', { host: '127.0.0.1', port: 25 }],
  ['smtp://[::1]:2525', { host: '::1', port: 2525 }],
  [
    'smtps://cloud%40gas:p%3Aw%2Fd@mail.gas.example',
    { auth: { user: 'cloud@gas', password: 'p:w/d' } },
  ],
])('%s is a mail server', (text, expected) => {
  expect(parseSmtpUrl(text)).toMatchObject({ auth: undefined, ...expected });
});

it.each([
  'mail.gas.example:25',
  'http://mail.gas.example',
  'smtp://',
  'smtp://user@mail.gas.example',
  'smtp://:password@mail.gas.example',
  'smtp://mail.gas.example/?tls.rejectUnauthorized=false',
  'smtp://mail.gas.example/path',
  'smtp://u%:p@mail.gas.example',
  'smtp://mail.gas.example:70000',
])('%s is none', (text) => {
  expect(parseSmtpUrl(text)).toBeUndefined();
});
