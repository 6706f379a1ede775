import { expect, test, vi } from 'vitest';
import { streamedBody } from './streamed.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('a body is read as it is written', async () => {
  const body = await streamedBody(async (write) => {
    await write(bytes('a,b\n'));
    await write(bytes('1,2\n'));
  });
  expect(await new Response(body).text()).toBe('a,b\n1,2\n');
});

test('a body without bytes is empty', async () => {
  const body = await streamedBody(() => Promise.resolve());
  expect(await new Response(body).text()).toBe('');
});

test('an error before the first bytes is thrown to the caller', async () => {
  await expect(streamedBody(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
});

test('an error after the first bytes aborts the body', async () => {
  const body = await streamedBody(async (write) => {
    await write(bytes('a,b\n'));
    throw new Error('the database went away');
  });
  await expect(new Response(body).text()).rejects.toThrow('the database went away');
});

test('a reader that disconnects ends the producer', async () => {
  const ended = vi.fn();
  const body = await streamedBody(async (write) => {
    try {
      for (;;) await write(bytes('row\n'));
    } catch (error) {
      ended();
      throw error;
    }
  });
  const reader = body.getReader();
  await reader.read();
  await reader.cancel();
  await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce());
});

test('a slow reader delays the producer', async () => {
  let written = 0;
  const body = await streamedBody(async (write) => {
    for (; written < 1000; written += 1) await write(bytes('row\n'));
  });
  const reader = body.getReader();
  await reader.read();
  expect(written).toBeLessThan(10);
  await reader.cancel();
});

test('a reader that takes nothing is aborted', async () => {
  const ended = vi.fn();
  await streamedBody(
    async (write) => {
      await write(bytes('row\n')).catch(ended);
      throw new Error('over');
    },
    { stallMs: 10, totalMs: 60_000 },
  );
  await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce());
  expect(ended.mock.calls[0]?.[0]).toEqual(new Error('the receiver took nothing for 10 ms'));
});

test('a slow but steady reader is aborted at the total limit', async () => {
  const ended = vi.fn();
  const body = await streamedBody(
    async (write) => {
      try {
        for (;;) await write(bytes('row\n'));
      } catch (error) {
        ended(error);
        throw error;
      }
    },
    { stallMs: 60_000, totalMs: 50 },
  );
  const reader = body.getReader();
  await expect(
    (async () => {
      for (;;) await reader.read();
    })(),
  ).rejects.toThrow('had not taken all after 50 ms');
  expect(ended).toHaveBeenCalledOnce();
});
