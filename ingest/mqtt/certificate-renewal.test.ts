import { X509Certificate } from 'node:crypto';
import { copyFileSync, rmSync } from 'node:fs';
import { connect } from 'node:tls';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createLog } from '../log.ts';
import { createCertificate, type TestCertificate } from '../testing/certificate.ts';
import { renewCertificate } from './certificate-renewal.ts';
import { Listener } from './listener.ts';

let former: TestCertificate;
let renewed: TestCertificate;
let listener: Listener;
let lines: string[] = [];
const log = createLog('info', { write: (text) => void lines.push(JSON.parse(text).msg) });
const FAULT = expect.stringContaining('cannot be used; the former one stays');

beforeAll(async () => {
  former = createCertificate();
  renewed = createCertificate();
  const nothing = () => undefined;
  listener = new Listener({
    ...{ host: '127.0.0.1', port: 0, tls: former, maxSockets: 10, metrics: { refused: nothing } },
    broker: {
      ...{ expect: nothing, refusePacket: nothing, acknowledged: nothing, mayPass: () => true },
      handle: (socket) => void socket.resume(),
    },
  });
  await listener.start();
});
afterAll(() => {
  listener?.close();
  listener?.destroySockets();
  former?.remove();
  renewed?.remove();
});
beforeEach(() => {
  lines = [];
});

/** Serial of the certificate that a new connection gets from a listener whose certificate is that of `ca`. */
function shown(ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: listener.port, host: '127.0.0.1', ca, maxVersion: 'TLSv1.2' });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
  });
}

const serialOf = (certificate: TestCertificate) => new X509Certificate(certificate.ca).serialNumber;

it('a certificate whose key is not there yet, or whose file is missing, leaves the previous one', async () => {
  copyFileSync(renewed.certificateFile, former.certificateFile);
  renewCertificate(listener, log);
  rmSync(former.certificateFile);
  renewCertificate(listener, log);
  expect(lines).toEqual([FAULT, FAULT]);
  expect(await shown(former.ca)).toBe(serialOf(former));
});

it('a renewed certificate is used for new connections; an unchanged one is not reloaded', async () => {
  copyFileSync(renewed.certificateFile, former.certificateFile);
  copyFileSync(renewed.keyFile, former.keyFile);
  renewCertificate(listener, log);
  renewCertificate(listener, log);
  expect(lines).toEqual(['the certificate was renewed']);
  expect(await shown(renewed.ca)).toBe(serialOf(renewed));
});
