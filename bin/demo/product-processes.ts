/** Starts the product's processes over a database, for the demo and the browser tests. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CaughtMail } from './caught-mail.ts';
import { type MailCatcher, startMailCatcher } from './mail-catcher.ts';
import {
  answers,
  type createProcessTable,
  freePort,
  type RunningProcess,
} from './process-table.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Folder of the checkout's own state: servers, logs, ports, keys of the demo. */
export const STATE = join(ROOT, '.local');

/** Sender of the demo's mails: in a reserved domain (RFC 2606). */
const MAIL_FROM = 'kenshin@cloud.example';

type ProcessTable = ReturnType<typeof createProcessTable>;

export interface Workspace {
  processes: ProcessTable;
  /** Folder of this run's ports, secrets and logs. */
  folder: string;
}

export interface IngestProcess extends RunningProcess {
  mqttUrl: string;
  healthUrl: string;
}

export interface WorkerProcess extends RunningProcess {
  healthUrl: string;
}

export interface WebProcess extends RunningProcess {
  url: string;
  healthUrl: string;
}

interface Remembered {
  webPort: number;
  mqttPort: number;
  healthPort: number;
  webHealthPort: number;
  workerHealthPort: number;
  mailPort: number;
  sessionSecret: string;
}

export async function startIngestProcess(
  { processes, folder }: Workspace,
  settings: { databaseUrl: string; kekDirectory: string },
): Promise<IngestProcess> {
  const remembered = recall(folder);
  const mqttPort = await freePort(remembered.mqttPort);
  const healthPort = await freePort(remembered.healthPort);
  remember(folder, { ...remembered, mqttPort, healthPort });
  const healthUrl = `http://127.0.0.1:${healthPort}`;
  const running = await processes.start({
    name: 'ingest',
    args: ['--import', 'tsx', join(ROOT, 'ingest/main.ts')],
    env: {
      DATABASE_URL: settings.databaseUrl,
      KENSHIN_KEK_DIRECTORY: settings.kekDirectory,
      KENSHIN_MQTT_HOST: '127.0.0.1',
      KENSHIN_MQTT_PORT: String(mqttPort),
      KENSHIN_HEALTH_PORT: String(healthPort),
    },
    logFile: join(folder, 'log', 'ingest.log'),
    isReady: () => answers(`${healthUrl}/healthz`),
    readyTimeoutMs: 30_000,
  });
  return { ...running, mqttUrl: `mqtt://127.0.0.1:${mqttPort}`, healthUrl };
}

/** Starts the mail server that takes the worker's mails; `onMail` is called with each. */
export async function startMailServer(
  { folder }: Pick<Workspace, 'folder'>,
  onMail: (mail: CaughtMail, file: string) => void,
): Promise<MailCatcher & { folder: string }> {
  const remembered = recall(folder);
  const port = await freePort(remembered.mailPort);
  remember(folder, { ...remembered, mailPort: port });
  const mails = join(folder, 'mail');
  return { ...(await startMailCatcher({ port, folder: mails, onMail })), folder: mails };
}

/** Without the port of a mail server its mails wait. */
export async function startWorkerProcess(
  { processes, folder }: Workspace,
  settings: { databaseUrl: string; mailPort?: number },
): Promise<WorkerProcess> {
  const remembered = recall(folder);
  const workerHealthPort = await freePort(remembered.workerHealthPort);
  remember(folder, { ...remembered, workerHealthPort });
  const healthUrl = `http://127.0.0.1:${workerHealthPort}`;
  const running = await processes.start({
    name: 'worker',
    args: ['--import', 'tsx', join(ROOT, 'ingest/worker.ts')],
    env: {
      DATABASE_URL: settings.databaseUrl,
      KENSHIN_WORKER_HEALTH_PORT: String(workerHealthPort),
      ...(settings.mailPort !== undefined && {
        KENSHIN_SMTP_URL: `smtp://127.0.0.1:${settings.mailPort}`,
        KENSHIN_MAIL_FROM: MAIL_FROM,
      }),
    },
    logFile: join(folder, 'log', 'worker.log'),
    isReady: () => answers(`${healthUrl}/healthz`),
    readyTimeoutMs: 30_000,
  });
  return { ...running, healthUrl };
}

/**
 * Starts the web process; needs a finished build (bin/build.mjs). `isReady` polls for readiness; by default it fetches
 * a page, which needs the database.
 */
export async function startWebProcess(
  { processes, folder }: Workspace,
  settings: { databaseUrl: string; isReady?: (process: { healthUrl: string }) => Promise<boolean> },
): Promise<WebProcess> {
  const remembered = recall(folder);
  const webPort = await freePort(remembered.webPort);
  const webHealthPort = await freePort(remembered.webHealthPort);
  remember(folder, { ...remembered, webPort, webHealthPort });
  const healthUrl = `http://127.0.0.1:${webHealthPort}`;
  const { isReady = () => answers(`${url}/sign-in`) } = settings;
  const url = `http://127.0.0.1:${webPort}`;
  const running = await processes.start({
    name: 'web',
    args: [
      ...['--import', 'tsx', join(ROOT, 'bin/web.ts')],
      ...['-H', '127.0.0.1', '-p', String(webPort)],
    ],
    env: {
      NODE_ENV: 'production',
      DATABASE_URL: settings.databaseUrl,
      NEXTAUTH_URL: url,
      KENSHIN_WEB_HEALTH_PORT: String(webHealthPort),
      NEXTAUTH_SECRET: remembered.sessionSecret,
      NEXT_TELEMETRY_DISABLED: '1',
    },
    logFile: join(folder, 'log', 'web.log'),
    isReady: () => isReady({ healthUrl }),
    readyTimeoutMs: 60_000,
  });
  return { ...running, url, healthUrl };
}

/** Ports are kept from start to start, so that addresses and bookmarks stay valid. */
function recall(folder: string): Remembered {
  try {
    // Only `remember` writes the file; members that an older file lacks are created.
    return { ...fresh(), ...(JSON.parse(readFileSync(fileOf(folder), 'utf8')) as Remembered) };
  } catch {
    return fresh();
  }
}

function fresh(): Remembered {
  const first = 30_000 + (randomBytes(2).readUInt16BE() % 1_000);
  return {
    webPort: first,
    webHealthPort: first + 1_000,
    healthPort: first + 2_000,
    mqttPort: first + 3_000,
    workerHealthPort: first + 4_000,
    mailPort: first + 5_000,
    sessionSecret: randomBytes(32).toString('base64url'),
  };
}

function remember(folder: string, remembered: Remembered): void {
  mkdirSync(dirname(fileOf(folder)), { recursive: true });
  writeFileSync(fileOf(folder), JSON.stringify(remembered), { mode: 0o600 });
}

function fileOf(folder: string): string {
  return join(folder, 'stack.json');
}
