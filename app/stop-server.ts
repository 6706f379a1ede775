/**
 * Ends a server in time. Answers that are under way may finish until the deadline; then every socket is destroyed, those
 * too that Node no longer counts as connections of the server because a listener took them over.
 */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Keeps account of the server's sockets from now on: call it before the server listens. Returns what ends the server. */
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
