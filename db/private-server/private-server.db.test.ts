import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testPrograms } from '../testing/testing.ts';
import { ensurePrograms } from './postgres-programs.ts';
import { type EmbeddedServer, startDatabase, startServer } from './private-server.ts';
import { findServerHome } from './server-home.ts';

describe('the private server', () => {
  let bin: string;
  let stateDir: string;
  let servers: EmbeddedServer[];

  beforeAll(async () => {
    bin = await testPrograms();
  });
  beforeEach(async () => {
    stateDir = await mkdtemp(path.join(tmpdir(), 'kenshin-embedded-'));
    servers = [];
  });
  afterEach(async () => {
    for (const server of servers) await server.stop();
    const { directory } = await findServerHome(stateDir);
    await rm(directory, { recursive: true, force: true });
    await rm(stateDir, { recursive: true, force: true });
  });

  const start = async (): Promise<EmbeddedServer> => {
    const server = await startServer({ stateDir, name: 'trial', bin });
    servers.push(server);
    return server;
  };

  it('starts from nothing, keeps its data over a stop and takes its port again', async () => {
    const first = await start();
    expect(first.started).toBe(true);
    await query(first.adminUrl, 'create table kept as select 7 as seven');
    await first.stop();
    expect(await first.pid()).toBeUndefined();
    const second = await start();
    expect(second.adminUrl).toBe(first.adminUrl);
    expect(await query(second.adminUrl, 'select seven from kept')).toEqual([{ seven: 7 }]);
  });

  it('is shared by all concurrent callers, until the last of them stops', async () => {
    const [one, two, three] = await Promise.all([start(), start(), start()]);
    expect([one, two, three].filter(({ started }) => started)).toHaveLength(1);
    await one.stop();
    await two.stop();
    expect(await query(three.adminUrl, 'select 1 as up')).toEqual([{ up: 1 }]);
    await three.stop();
    expect(await three.pid()).toBeUndefined();
  });

  it('recovers what was committed when postgres was killed', async () => {
    const first = await start();
    await query(first.adminUrl, 'create table kept as select generate_series(1, 1000) as n');
    process.kill((await first.pid())!, 'SIGKILL');
    const second = await start();
    expect(second.started).toBe(true);
    expect(await query(second.adminUrl, 'select count(*)::int as kept from kept')).toEqual([
      { kept: 1000 },
    ]);
  });

  it('takes another port when another program uses its own', async () => {
    const first = await start();
    await first.stop();
    const port = Number(new URL(first.adminUrl).port);
    const foreign = net.createServer((socket) => socket.destroy());
    await new Promise<void>((done) => foreign.listen(port, '127.0.0.1', done));
    try {
      const second = await start();
      expect(Number(new URL(second.adminUrl).port)).not.toBe(port);
    } finally {
      await new Promise((done) => foreign.close(done));
    }
  });

  it('listens on loopback only, requires the password and protects its file', async () => {
    const { adminUrl } = await start();
    expect(await query(adminUrl, 'show listen_addresses')).toEqual([
      { listen_addresses: '127.0.0.1' },
    ]);
    const wrong = new URL(adminUrl);
    wrong.password = 'wrong';
    await expect(query(wrong.toString(), 'select 1')).rejects.toThrow(/password authentication/);
    const { directory } = await findServerHome(stateDir);
    const { mode } = await stat(path.join(directory, 'trial', 'server.json'));
    expect(mode & 0o077).toBe(0);
  });

  it('says what to do when the file with its password is gone', async () => {
    await (await start()).stop();
    const { directory } = await findServerHome(stateDir);
    await rm(path.join(directory, 'trial', 'server.json'));
    await expect(start()).rejects.toThrow(/server\.json is gone.*remove .* to start anew/);
  });

  it('hands out a migrated database for the role of each process, however many ask at once', async () => {
    const options = { stateDir, name: 'trial', bin };
    const both = await Promise.all([startDatabase(options), startDatabase(options)]);
    servers.push(...both);
    for (const { appUrl, webUrl, ingestUrl, workerUrl } of both) {
      for (const [url, role] of [
        [appUrl, 'kenshin_app'],
        [webUrl, 'kenshin_web'],
        [ingestUrl, 'kenshin_ingest'],
        [workerUrl, 'kenshin_worker'],
      ] as const) {
        expect(await query(url, 'select current_user as who, session_user as login')).toEqual([
          { who: role, login: role },
        ]);
      }
    }
  });

  it('leaves no incomplete tree when the packages are unavailable', async () => {
    const environment = { NODE_ENV: 'test', PATH: '/nonexistent' } as const;
    const { directory } = await findServerHome(stateDir);
    const outcome = await ensurePrograms(directory, { environment }).catch((error: Error) => error);
    // Where PostgreSQL 17 is installed, nothing is unpacked.
    if (typeof outcome !== 'string') {
      expect(outcome.message).toMatch(/could not be unpacked[\s\S]*set DATABASE_URL/);
    }
    expect((await readdir(directory)).filter((name) => name.startsWith('postgresql'))).toEqual([]);
  });
});

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
