import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { MAX_FRAME_BYTES } from '../protocol/limits.ts';
import { gatherWrites } from './gather-writes.ts';
import { boundPackets } from './packet-bounds.ts';

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
  onConnection: (socket: Socket) => void;
  onOversize: () => void;
}

/** Listens for terminals, plain or with TLS. Each socket is bounded before it is handed on. */
export async function listen(options: ListenOptions): Promise<Server> {
  const onSocket = (socket: Socket) => {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
    boundPackets(socket, MAX_PACKET_BYTES, () => {
      options.onOversize();
      socket.destroy();
    });
    gatherWrites(socket);
    options.onConnection(socket);
  };
  const server =
    options.tls === undefined
      ? createServer(onSocket)
      : createTlsServer(
          {
            cert: readFileSync(options.tls.certificateFile),
            key: readFileSync(options.tls.keyFile),
            minVersion: 'TLSv1.2',
            handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
          },
          onSocket,
        );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server;
}
