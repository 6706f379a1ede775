/**
 * `npm run start`: the web process. Requests pass app/front.ts before the built site; health and metrics are on
 * loopback, on their own port. SIGTERM lets running answers finish.
 */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { NextServerOptions } from 'next/dist/server/next.js';
import { clientAddress } from '../app/client-address.ts';
import { logConsole } from '../app/console-log.ts';
import { createFront } from '../app/front.ts';
import { log, outsideLog, refusalLog } from '../app/log.ts';
import { createSiteServer } from '../app/site-server.ts';
import { stopsInTime } from '../app/stop-server.ts';
import { serveWebHealth } from '../app/web-health.ts';
import { webMetrics } from '../app/web-metrics.ts';
import { openPool } from '../db/client.ts';
import { readWebConfig, type WebConfig } from '../lib/config.ts';
import { messageOf } from '../lib/errors.ts';
import { ROOT } from './demo/product-processes.ts';

/** Deadlines that add up to the one in docs/operations.md: for running answers, and for the rest. */
const STOP_DEADLINE_MS = 13_000;
const CLEANUP_MS = 2_000;
const PROBE_TIMEOUT_MS = 2_000;

interface Site {
  prepare(): Promise<void>;
  getRequestHandler(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  close(): Promise<void>;
}

const { values } = parseArgs({
  options: {
    port: { type: 'string', short: 'p', default: '3000' },
    hostname: { type: 'string', short: 'H', default: '0.0.0.0' },
  },
});
const config = configOrExit();
const metrics = webMetrics();
logConsole(outsideLog());
let isStopping = false;

const probe = openPool(config.DATABASE_URL, {
  applicationName: 'kenshin web health',
  max: 1,
  connectTimeoutMs: PROBE_TIMEOUT_MS,
  queryTimeoutMs: PROBE_TIMEOUT_MS,
});
const site = await openSite({ dir: ROOT, hostname: values.hostname, port: Number(values.port) });
metrics.routes.know([...pageRoutes(), '/_next/[...rest]', '/robots.txt']);
const handle = site.getRequestHandler();
const front = createFront(handle, {
  log: refusalLog(),
  metrics,
  addressOf: ({ headers }) => clientAddress(headersOf(headers), config.KENSHIN_TRUSTED_PROXIES),
});
const server = createSiteServer(front);
const endServer = stopsInTime(server, STOP_DEADLINE_MS);
server.listen(Number(values.port), values.hostname);
await once(server, 'listening');
const health = await serveWebHealth({
  port: config.KENSHIN_WEB_HEALTH_PORT,
  metrics,
  isDatabaseThere: () =>
    probe.query('select 1').then(
      () => true,
      () => false,
    ),
  isStopping: () => isStopping,
});

log.info({ port: Number(values.port), host: values.hostname }, 'serving');
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());

function configOrExit(): WebConfig {
  try {
    return readWebConfig();
  } catch (error) {
    console.error(messageOf(error));
    process.exit(1);
  }
}

/** Routes of the built pages; those of the API are registered by the API. */
function pageRoutes(): string[] {
  const file = join(ROOT, '.next', 'app-path-routes-manifest.json');
  return Object.values(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>);
}

/**
 * Loads the framework after the console was replaced and NODE_ENV set. The framework would listen for upgrades at the
 * server of a request and leave their sockets open without an answer; it gets an unused server instead, so that Node
 * passes an upgrade to the front as an ordinary request.
 */
async function openSite(options: NextServerOptions): Promise<Site> {
  Object.assign(process.env, { NODE_ENV: 'production' });
  const { default: next } = await import('next');
  // In an ES module import the types see the CommonJS default as a namespace; at run time it is the function.
  const open = next as unknown as (given: NextServerOptions) => Site;
  const site = open({ ...options, dev: false, httpServer: createServer() });
  await site.prepare();
  return site;
}

function headersOf(given: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) headers.set(name, String(value));
  }
  return headers;
}

async function stop(): Promise<void> {
  isStopping = true;
  await endServer();
  await Promise.race([Promise.allSettled([site.close(), probe.end()]), sleep(CLEANUP_MS)]);
  health.close();
  log.info({}, 'stopped');
  process.exit(0);
}
