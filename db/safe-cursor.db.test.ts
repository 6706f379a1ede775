import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SafeCursor } from './safe-cursor.ts';
import { type TestDatabase, testDatabase } from './testing/testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function connected() {
  const client = await database.pool.connect();
  client.on('error', () => undefined);
  // The driver keeps its connection in a field that its types lack.
  const { stream: socket } = (client as unknown as { connection: { stream: Socket } }).connection;
  const open = () =>
    client.query(new SafeCursor<{ k: number }>('select k from generate_series(1, 10) k', []));
  return { client, socket, open };
}

test('a cursor is closed before its end, and leaves nothing on its connection', async () => {
  const { client, socket, open } = await connected();
  const before = socket.listenerCount('close');
  for (let round = 0; round < 30; round += 1) {
    const cursor = open();
    expect(await cursor.read(2)).toEqual([{ k: 1 }, { k: 2 }]);
    await cursor.close();
  }
  expect(socket.listenerCount('close')).toBe(before);
  client.release();
});

test('a cursor is closed when its connection goes, before or while it is asked to', async () => {
  for (const isGoneBefore of [true, false]) {
    const { client, socket, open } = await connected();
    const cursor = open();
    await cursor.read(2);
    if (isGoneBefore) await new Promise((resolve) => socket.destroy().once('close', resolve));
    const closed = cursor.close();
    if (!isGoneBefore) socket.destroy();
    await closed;
    client.release(true);
  }
});
