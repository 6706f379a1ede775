import type { RequestListener } from 'node:http';
import type { Registry } from 'prom-client';

/** Health of a process: `ok` decides whether a load balancer sends it requests; the rest is for people. */
export interface Health {
  ok: boolean;
}

/** Answers /healthz (200 or 503, JSON) and /metrics (Prometheus text). */
export function healthListener(
  read: () => Health | Promise<Health>,
  registry: Registry,
): RequestListener {
  const answerHealth: RequestListener = async (_, response) => {
    const health = await read();
    response.writeHead(health.ok ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify(health));
  };
  const answerMetrics: RequestListener = async (_, response) => {
    const text = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType }).end(text);
  };
  const answers = new Map([
    ['/healthz', answerHealth],
    ['/metrics', answerMetrics],
  ]);
  return async (request, response) => {
    const answer = answers.get(request.url?.split('?')[0] ?? '');
    try {
      if (answer) await answer(request, response);
      else response.writeHead(404).end();
    } catch {
      response.writeHead(500).end();
    }
  };
}
