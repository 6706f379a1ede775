import type { Socket } from 'node:net';
import Cursor from 'pg-cursor';

/**
 * A cursor that can be closed when its connection is gone: the driver's own waits for an answer that never comes, and
 * with it would wait the transaction, and whoever holds a turn for it.
 */
export class SafeCursor<T> extends Cursor<T> {
  override close(): Promise<void>;
  override close(done: (error: Error) => void): undefined;
  override close(done?: (error: Error) => void): Promise<void> | undefined;
  override close(done?: (error: Error) => void): Promise<void> | undefined {
    if (done) return super.close(done);
    const { connection } = this as unknown as { connection?: { stream: Socket } };
    if (!connection || connection.stream.destroyed) return Promise.resolve();
    const gone = new Promise<void>((resolve) => connection.stream.once('close', () => resolve()));
    return Promise.race([super.close(), gone]);
  }
}
