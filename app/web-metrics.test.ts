import { expect, test } from 'vitest';
import { WebMetrics } from './web-metrics.ts';

test('routes are counted by name once they were answered well, and clients cannot add names', async () => {
  const metrics = new WebMetrics();
  metrics.answered('GET /made-up', 404, 0.01);
  metrics.answered('GET /collection', 200, 0.01);
  metrics.answered('GET /collection', 503, 0.01);
  for (let route = 0; route < 1_000; route += 1) metrics.answered(`GET /r${route}`, 200, 0.01);
  const text = await metrics.registry.metrics();
  expect(text).toContain('kenshin_web_requests_total{route="other",status="404"} 1');
  expect(text).toContain('kenshin_web_requests_total{route="GET /collection",status="503"} 1');
  expect(text.match(/^kenshin_web_requests_total/gm)?.length).toBeLessThan(110);
});

test('pools have the numbers in use and waiting', async () => {
  const metrics = new WebMetrics();
  metrics.pools = () => [{ name: 'pages', inUse: 3, waiting: 1 }];
  metrics.refused('busy');
  metrics.signIn('accepted');
  const text = await metrics.registry.metrics();
  expect(text).toContain('kenshin_web_pool_in_use{pool="pages"} 3');
  expect(text).toContain('kenshin_web_pool_waiting{pool="pages"} 1');
  expect(text).toContain('kenshin_web_refusals_total{code="busy"} 1');
  expect(text).toContain('kenshin_web_sign_ins_total{outcome="accepted"} 1');
});
