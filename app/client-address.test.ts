import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { type AddressInfo, BlockList } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWebConfig } from '../lib/config.ts';
import { clientAddress, noteSocketAddresses } from './client-address.ts';

noteSocketAddresses();
const nobody = new BlockList();
const seen: Headers[] = [];
const server = createServer((request, response) => {
  seen.push(new Headers(request.headers as Record<string, string>));
  response.end();
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

/** The headers as a server receives them in a request from `localAddress`. */
async function received(
  localAddress: string,
  headers: Record<string, string> = {},
): Promise<Headers> {
  const { port } = server.address() as AddressInfo;
  const request = get({ host: '127.0.0.1', port, localAddress, headers, agent: false });
  const [response] = await once(request, 'response');
  response.resume();
  return seen.at(-1)!;
}

/** Proxies as the configuration reads them. */
const proxies = (list: string): BlockList =>
  readWebConfig({
    DATABASE_URL: 'postgres://kenshin@db/kenshin',
    NEXTAUTH_SECRET: 'a secret of a test, long enough for the cookie',
    NEXTAUTH_URL: 'https://kenshin.example',
    KENSHIN_TRUSTED_PROXIES: list,
  }).KENSHIN_TRUSTED_PROXIES;

describe('the address of a client', () => {
  it("is that of the socket, whatever the client's headers say", async () => {
    const claims = {
      'x-forwarded-for': '192.0.2.1',
      forwarded: 'for=192.0.2.1',
      'x-real-ip': '192.0.2.1',
      'x-kenshin-peer': '192.0.2.1',
    };
    expect(clientAddress(await received('127.0.0.3', claims), nobody)).toBe('127.0.0.3');
  });

  it('is what a trusted proxy forwarded; anything to the left of it is ignored', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.9, 192.0.2.1' };
    const one = await received('127.0.0.4', headers);
    expect(clientAddress(one, proxies('127.0.0.4'))).toBe('192.0.2.1');
    expect(clientAddress(one, proxies('127.0.0.0/8, 192.0.2.0/24'))).toBe('198.51.100.9');
    expect(clientAddress(one, proxies('10.0.0.0/8'))).toBe('127.0.0.4');
  });

  it('is the last known one when a proxy forwarded nothing or an invalid value', async () => {
    const trusted = proxies('127.0.0.0/8');
    expect(clientAddress(await received('127.0.0.5'), trusted)).toBe('127.0.0.5');
    for (const forwarded of ['', 'unknown', '192.0.2.1, _hidden', '1.2.3.4.5']) {
      const headers = await received('127.0.0.5', { 'x-forwarded-for': forwarded });
      expect([forwarded, clientAddress(headers, trusted)]).toEqual([forwarded, '127.0.0.5']);
    }
  });

  it.each([
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['192.0.2.7:5432', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('is parsed from %s', async (forwarded, address) => {
    const headers = await received('127.0.0.6', { 'x-forwarded-for': forwarded });
    expect(clientAddress(headers, proxies('127.0.0.6'))).toBe(address);
  });

  it('is empty where no socket was noted', () => {
    const headers = new Headers({ 'x-forwarded-for': '192.0.2.1', 'x-kenshin-peer': '192.0.2.1' });
    expect(clientAddress(headers, proxies('192.0.2.1'))).toBe('');
  });
});

describe('the list of trusted proxies', () => {
  it.each(['10.0.0.0/33', 'proxy.example', '10.0.0.1/', '::/200', '3'])('refuses %s', (list) => {
    expect(() => proxies(list)).toThrow('KENSHIN_TRUSTED_PROXIES');
  });
});
