import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { healthListener } from './health-listener.ts';

let ok = true;
const registry = new Registry();
new Counter({ name: 'tried_total', help: 'Tries', registers: [registry] }).inc(3);
const server = createServer(
  healthListener(async () => {
    if (!ok) return { ok, draining: true };
    return { ok };
  }, registry),
);
const get = (path: string) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

test('health is 200 or 503 with its details, metrics are text, and other paths are 404', async () => {
  expect((await get('/healthz?from=balancer')).status).toBe(200);
  ok = false;
  const away = await get('/healthz');
  expect([away.status, await away.json()]).toEqual([503, { ok: false, draining: true }]);
  expect(await (await get('/metrics')).text()).toContain('tried_total 3');
  expect((await get('/')).status).toBe(404);
});

test('an error while reading it is a 500', async () => {
  registry.registerMetric(
    new Counter({
      name: 'failing_total',
      help: 'Fails',
      registers: [],
      collect: () => Promise.reject(new Error('cannot be counted')),
    }),
  );
  expect((await get('/metrics')).status).toBe(500);
});
