import type { Socket } from 'node:net';
import Cursor from 'pg-cursor';

/**
 * A cursor that can be closed after its connection is lost. The driver's own would wait for an answer that never comes,
 * with the transaction and its turn.
 */
export class SafeCursor<T> extends Cursor<T> {
  override close(): Promise<void>;
  override close(done: (error: Error) => void): undefined;
  override close(done?: (error: Error) => void): Promise<void> | undefined;
  override close(done?: (error: Error) => void): Promise<void> | undefined {
    if (done) return super.close(done);
    // The driver keeps its connection in a field that its types lack.
    const { connection } = this as unknown as { connection?: { stream: Socket } };
    if (!connection || connection.stream.destroyed) return Promise.resolve();
    return closedOrGone(super.close(), connection.stream);
  }
}

async function closedOrGone(closed: Promise<void>, socket: Socket): Promise<void> {
  let tell = (): void => undefined;
  const gone = new Promise<void>((resolve) => {
    tell = resolve;
  });
  socket.once('close', tell);
  await Promise.race([closed, gone]).finally(() => socket.off('close', tell));
}
