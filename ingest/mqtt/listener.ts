import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import {
  createSecureContext,
  createServer as createTlsServer,
  type SecureContextOptions,
  type TLSSocket,
} from 'node:tls';
import { certain } from '../../lib/certain.ts';
import type { SocketOwner } from '../frame-hops.ts';
import type { IngestMetrics } from '../metrics.ts';
import { MAX_FRAME_BYTES } from '../protocol/frame-limits.ts';
import { gatherWrites } from './gather-writes.ts';
import { boundPackets } from './packet-bounds.ts';

/**
 * A PUBLISH has its topic (at most 21 bytes with its length) and its identifier besides the frame; CONNECT is shorter.
 */
const MAX_PACKET_BYTES = MAX_FRAME_BYTES + 64;
/** Length of the system's accept queue: beyond it connections are dropped, regular ones among them. */
const BACKLOG = 4096;
const TCP_KEEP_ALIVE_MS = 60_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** TLS 1.2 and 1.3 with ephemeral keys and authenticated encryption; no CBC, no SHA-1, no static RSA. */
const CIPHERS = [
  ...['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'],
  ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ...['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
].join(':');

export interface ListenOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** PEM files; without them the listener is plain. */
  tls?: { certificateFile: string; keyFile: string };
  /** Maximum of open sockets, signed in or not; further ones are closed without an answer. */
  maxSockets: number;
  /** Receives the accepted sockets, and a report of each packet read from them. */
  broker: SocketOwner;
  metrics: Pick<IngestMetrics, 'refused'>;
}

/** Listens for terminals, plain or with TLS. Limits apply to each socket before it is passed on. */
export class Listener {
  readonly #options: ListenOptions;
  readonly #sockets = new Set<Socket>();
  #open: OpenServer | undefined;

  constructor(options: ListenOptions) {
    this.#options = options;
  }

  /** True while new connections are taken. */
  get isOpen(): boolean {
    return this.#open?.server.listening === true;
  }

  /** Port on which it listens. @throws Error before it listens */
  get port(): number {
    return (certain(this.#open, 'the listener').server.address() as AddressInfo).port;
  }

  /** Opens the port. @throws Error when the port or the certificate's files cannot be used */
  async start(): Promise<void> {
    const { port, host, maxSockets, tls, broker, metrics } = this.#options;
    const open = openServer(tls);
    const { server } = open;
    server.maxConnections = maxSockets;
    server.on('drop', () => metrics.refused('too_many_connections'));
    server.on('connection', (raw: Socket) => {
      this.#sockets.add(raw);
      raw.once('close', () => this.#sockets.delete(raw));
      broker.expect(raw);
      if (tls === undefined) takeUp(raw, raw, broker);
    });
    if (tls !== undefined) onSecured(server, (socket, raw) => takeUp(socket, raw, broker));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host, backlog: BACKLOG }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.#open = open;
  }

  /**
   * Reads the certificate's files again; when they have changed, new connections get the new certificate, and true is
   * returned. @throws Error when they cannot be used; the certificate then stays as it was.
   */
  renewCertificate(): boolean {
    return this.#open?.renewCertificate() ?? false;
  }

  /** Accepts no more connections; existing ones stay. */
  close(): void {
    this.#open?.server.close();
  }

  /** Closes every remaining socket, also during a handshake. */
  destroySockets(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

function takeUp(socket: Socket, raw: Socket, broker: SocketOwner): void {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
  boundPackets(socket, {
    maxBytes: MAX_PACKET_BYTES,
    onFault: (fault) => broker.refusePacket(socket, fault),
    onAcknowledged: (identifier) => broker.acknowledged(socket, identifier),
    mayPass: (counts) => broker.mayPass(socket, counts),
  });
  gatherWrites(socket);
  broker.handle(socket, raw);
}

type TlsFiles = NonNullable<ListenOptions['tls']>;

interface OpenServer {
  server: Server;
  renewCertificate: () => boolean;
}

function openServer(tls: TlsFiles | undefined): OpenServer {
  if (tls === undefined) return { server: createServer(), renewCertificate: () => false };
  let pair = readPair(tls);
  const server = createTlsServer({
    ...secureOptions(pair),
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  });
  const renewCertificate = () => {
    const now = readPair(tls);
    if (now.cert.equals(pair.cert) && now.key.equals(pair.key)) return false;
    // A certificate that does not fit its key is refused here, before the server has one without the other.
    createSecureContext(secureOptions(now));
    server.setSecureContext(secureOptions(now));
    pair = now;
    return true;
  };
  return { server, renewCertificate };
}

interface Pair {
  cert: Buffer;
  key: Buffer;
}

function readPair({ certificateFile, keyFile }: TlsFiles): Pair {
  return { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
}

function secureOptions(pair: Pair): SecureContextOptions {
  return { ...pair, minVersion: 'TLSv1.2', ciphers: CIPHERS, honorCipherOrder: true };
}

/** Calls back after each handshake, with the underlying TCP connection; closes those whose handshake fails. */
function onSecured(server: Server, onSocket: (socket: Socket, raw: Socket) => void): void {
  const handshakes = new Map<string, Socket>();
  server.on('connection', (raw: Socket) => {
    const peer = peerOf(raw);
    handshakes.set(peer, raw);
    raw.once('close', () => {
      if (handshakes.get(peer) === raw) handshakes.delete(peer);
    });
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    const peer = peerOf(socket);
    const raw = handshakes.get(peer);
    handshakes.delete(peer);
    if (raw === undefined) socket.destroy();
    else onSocket(socket, raw);
  });
  // Node only reports a failed or overdue handshake; the socket would stay open.
  server.on('tlsClientError', (_error: Error, socket: TLSSocket) => socket.destroy());
}

/** Address and port of the peer, unique among a listener's open connections. */
function peerOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
