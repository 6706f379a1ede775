/**
 * Stops a server within a deadline. Running answers may finish until then; after it every socket is destroyed,
 * including those that a listener took over and Node no longer counts as the server's.
 */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Tracks the server's sockets from now on; call it before the server listens. Returns the function that stops the
 * server.
 */
export function stopsInTime(server: Server, deadlineMs: number): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    const closed = once(server, 'close');
    const deadline = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, deadlineMs);
    server.close();
    server.closeIdleConnections();
    await closed;
    clearTimeout(deadline);
  };
}
