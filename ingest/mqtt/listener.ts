import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { MAX_FRAME_BYTES } from '../protocol/limits.ts';
import { gatherWrites } from './gather-writes.ts';
import { boundPackets, type PacketCounts } from './packet-bounds.ts';

/** Besides the frame a PUBLISH carries its topic (at most 21 bytes with its length) and its identifier; CONNECT is shorter. */
const MAX_PACKET_BYTES = MAX_FRAME_BYTES + 64;
const TCP_KEEP_ALIVE_MS = 60_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;

export interface ListenOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** PEM files; without them the listener is plain. */
  tls?: { certificateFile: string; keyFile: string };
  /** Sockets open at one time, signed in or not; one more is closed without a word. */
  maxSockets: number;
  onConnection: (socket: Socket) => void;
  onOversize: () => void;
  /** A socket was closed because of `maxSockets`. */
  onTooMany: () => void;
  mayPass: (socket: Socket, counts: PacketCounts) => boolean;
}

/** An open door for terminals. */
export interface Listener {
  port: number;
  /** Lets nobody in any more; who is in stays. */
  stop(): void;
  /** Ends every socket that is left, in a handshake or later. */
  destroy(): void;
}

/** Listens for terminals, plain or with TLS. Each socket is bounded before it is handed on. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const onSocket = (socket: Socket) => {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
    boundPackets(socket, {
      maxBytes: MAX_PACKET_BYTES,
      onOversize: () => {
        options.onOversize();
        socket.destroy();
      },
      mayPass: (counts) => options.mayPass(socket, counts),
    });
    gatherWrites(socket);
    options.onConnection(socket);
  };
  const server = serverOf(options, onSocket);
  server.maxConnections = options.maxSockets;
  server.on('drop', options.onTooMany);
  const sockets = new Set<Socket>();
  // Before a handshake of TLS, too.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => void server.close(),
    destroy: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function serverOf({ tls }: ListenOptions, onSocket: (socket: Socket) => void): Server {
  if (tls === undefined) return createServer(onSocket);
  const cert = readFileSync(tls.certificateFile);
  const key = readFileSync(tls.keyFile);
  return createTlsServer(
    { cert, key, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_TIMEOUT_MS },
    onSocket,
  );
}
