import { expect, test } from 'vitest';
import { WebMetrics } from './web-metrics.ts';

test('requests are counted by their route, and no path of a client adds a name', async () => {
  const metrics = new WebMetrics();
  metrics.routes.know(['/collection', '/robots.txt']);
  metrics.answered({ method: 'GET', path: '/made-up' }, 404, 0.01);
  metrics.answered({ method: 'TRACE', path: '/collection' }, 405, 0.01);
  metrics.answered({ method: 'GET', path: '/collection' }, 200, 0.01);
  for (const letter of 'robts') {
    const path = `/robots.txt`.replaceAll(letter, `%${letter.charCodeAt(0).toString(16)}`);
    metrics.answered({ method: 'GET', path }, 200, 0.01);
  }
  for (let count = 0; count < 1_000; count += 1) {
    metrics.answered({ method: 'GET', path: `//r${count}` }, 308, 0.01);
  }
  const text = await metrics.registry.metrics();
  expect(text.match(/^kenshin_web_requests_total.*/gm)).toEqual([
    'kenshin_web_requests_total{route="other",status="404"} 1',
    'kenshin_web_requests_total{route="other",status="405"} 1',
    'kenshin_web_requests_total{route="GET /collection",status="200"} 1',
    'kenshin_web_requests_total{route="GET /robots.txt",status="200"} 5',
    'kenshin_web_requests_total{route="other",status="308"} 1000',
  ]);
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
