/**
 * Address of a request's client. Next gives routes no socket and passes on the client's own `x-forwarded-for`, so the
 * socket's address is noted in a header with a name that is random in each process and unknown to clients.
 * `x-forwarded-for` counts only when the socket is that of a proxy named in the configuration.
 */
import { randomBytes } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { type BlockList, isIP } from 'node:net';

/** Node publishes every request of this process's servers here, before the server handles it. */
const REQUEST_START = channel('http.server.request.start');

/** Next compiles a route more than once into a process; all copies use one name. */
const kept = globalThis as typeof globalThis & { kenshinPeerHeader?: string };

/** Starts noting the address of each request's socket. Called once, when the process starts. */
export function noteSocketAddresses(): void {
  if (kept.kenshinPeerHeader) return;
  const header = `x-kenshin-peer-${randomBytes(16).toString('hex')}`;
  kept.kenshinPeerHeader = header;
  REQUEST_START.subscribe((message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers[header] = request.socket.remoteAddress ?? '';
  });
}

/**
 * The client's address: IPv4 as it is, IPv6 in its short form; empty where no socket was noted. From the right of
 * `x-forwarded-for` every address of a trusted proxy is skipped; what is to the left of the first other one was
 * written by the client and is not read.
 */
export function clientAddress(headers: Headers, trustedProxies: BlockList): string {
  const peer = plainAddress(headers.get(kept.kenshinPeerHeader ?? 'x-kenshin-peer') ?? '');
  if (!peer || !kept.kenshinPeerHeader) return '';
  const hops = (headers.get('x-forwarded-for') ?? '').split(',').map((hop) => plainAddress(hop));
  let address = peer;
  while (isTrusted(address, trustedProxies)) {
    const before = hops.pop();
    if (!before) break;
    address = before;
  }
  return address;
}

/** Address without port and zone, IPv4-mapped IPv6 as IPv4; empty when it is not an address. */
function plainAddress(text: string): string {
  const bare = text
    .trim()
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/%.*$/, '')
    .replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1')
    .replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(bare) ? bare : '';
}

function isTrusted(address: string, trustedProxies: BlockList): boolean {
  return trustedProxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
