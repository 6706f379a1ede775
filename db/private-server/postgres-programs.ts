/**
 * Finds PostgreSQL 17 with TimescaleDB on this machine, or unpacks Debian 13's own packages, unmodified and
 * signature-checked by apt, into a folder, without root and without changes outside it (about 106 MB).
 */
import { execFile, spawn } from 'node:child_process';
import { access, chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface InstallOptions {
  /** Environment with the proxies that apt may need. */
  environment?: NodeJS.ProcessEnv;
  onProgress?: (text: string) => void;
}

const INSTALLED = [
  { bin: '/usr/lib/postgresql/17/bin', share: '/usr/share/postgresql/17' },
  { bin: '/usr/pgsql-17/bin', share: '/usr/pgsql-17/share' },
];
const APT = 'apt-get';
const TREE = 'postgresql-17';
const TREE_BIN = 'usr/lib/postgresql/17/bin';
const TREE_SHARE = 'usr/share/postgresql/17';
const TOOLS = ['postgres', 'initdb', 'psql', 'pg_dump', 'pg_restore', 'pg_basebackup', 'pg_ctl'];
const PACKAGES =
  `postgresql-17 postgresql-17-timescaledb postgresql-client-17 libpq5 libc6 libssl3t64 libicu76 libxml2
  liblz4-1 libzstd1 libldap2 libsasl2-2 libpam0g libaudit1 libcap-ng0 libgssapi-krb5-2 libkrb5-3 libk5crypto3
  libkrb5support0 libcom-err2 libkeyutils1 libsystemd0 libcap2 libselinux1 libpcre2-8-0 liblzma5 zlib1g libstdc++6
  libgcc-s1 libxxhash0 libuuid1 libreadline8t64 libtinfo6`.split(/\s+/);
const KEYRINGS = [
  '/usr/share/keyrings/debian-archive-keyring.gpg',
  '/usr/share/keyrings/debian-archive-keyring.pgp',
];

const ALTERNATIVES =
  'Install PostgreSQL 17 with TimescaleDB (Debian 13: apt-get install postgresql-17 postgresql-17-timescaledb), or set DATABASE_URL to a server that has it, such as the container image timescale/timescaledb:latest-pg17.';

/**
 * Folder of PostgreSQL's programs: an installed one, else the tree in `directory`.
 * @returns undefined when there is neither.
 */
async function findPrograms(directory: string): Promise<string | undefined> {
  const tree = path.join(directory, TREE);
  const candidates = [
    ...INSTALLED,
    { bin: path.join(tree, TREE_BIN), share: path.join(tree, TREE_SHARE) },
  ];
  for (const { bin, share } of candidates) {
    const files = [`${bin}/postgres`, `${bin}/pg_dump`, `${share}/extension/timescaledb.control`];
    if (await allExist(files)) return bin;
  }
  return undefined;
}

/**
 * Like findPrograms, but unpacks the tree into `directory` when nothing is found. Callers hold a lock meanwhile. An
 * interrupted download leaves no incomplete tree: it is unpacked elsewhere and renamed once it runs.
 * @throws Error that says what to install or set instead.
 */
export async function ensurePrograms(
  directory: string,
  options: InstallOptions = {},
): Promise<string> {
  if (!(await allExist(['/usr/share/zoneinfo/Asia/Tokyo']))) {
    throw new Error('this system has no time zone data: apt-get install tzdata');
  }
  const found = await findPrograms(directory);
  if (found) return found;
  const building = path.join(directory, `${TREE}.unpacking`);
  await rm(building, { recursive: true, force: true });
  try {
    await mkdir(building, { recursive: true });
    await unpack(building, options);
    const bin = path.join(building, TREE_BIN);
    await Promise.all(TOOLS.map((tool) => wrap(bin, tool)));
    await chmod(building, 0o755);
    await run(path.join(bin, 'postgres'), ['--version']);
    await rename(building, path.join(directory, TREE));
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    const reason = (error as Error).message;
    throw new Error(
      `No PostgreSQL 17 with TimescaleDB was found, and Debian's packages could not be unpacked: ${reason}\n${ALTERNATIVES}`,
      { cause: error },
    );
  }
  return path.join(directory, TREE, TREE_BIN);
}

async function unpack(tree: string, options: InstallOptions): Promise<void> {
  const onProgress = options.onProgress ?? (() => undefined);
  const work = path.join(tree, '.apt');
  const debs = path.join(work, 'debs');
  for (const folder of ['lists/partial', 'cache/archives/partial', 'debs']) {
    await mkdir(path.join(work, folder), { recursive: true });
  }
  const [keyring] = await existing(KEYRINGS);
  if (!keyring) throw new Error('this system has no Debian archive keyring');
  const mirror = await debianMirror();
  await writeFile(
    path.join(work, 'sources.list'),
    `deb [signed-by=${keyring}] ${mirror} trixie main\n`,
  );
  const apt = new Apt(work, options.environment ?? { NODE_ENV: 'production' });
  onProgress(`reading Debian 13's package lists`);
  await apt.run(['update']);
  let files = 0;
  await apt.run(['download', ...PACKAGES], debs, (line) => {
    if (!line.startsWith('Get:')) return;
    files += 1;
    if (files % 11 !== 0) return;
    onProgress(
      `downloading PostgreSQL 17 and TimescaleDB: ${files} of ${PACKAGES.length} packages`,
    );
  });
  onProgress('unpacking PostgreSQL 17 and TimescaleDB');
  for (const deb of await readdir(debs)) await run('dpkg', ['-x', path.join(debs, deb), tree]);
  const away = ['.apt', 'usr/share/doc', 'usr/share/man', 'usr/share/locale'];
  for (const part of [...away, 'usr/lib/postgresql/17/lib/bitcode']) {
    await rm(path.join(tree, part), { recursive: true, force: true });
  }
}

/** The mirror that apt is configured for, which may be a near one. */
async function debianMirror(): Promise<string> {
  const { stdout } = await run(APT, ['--print-uris', 'update']).catch(() => ({ stdout: '' }));
  const mirrors = [...stdout.matchAll(/^'([^']+)\/dists\/[^']+'/gm)].map(([, uri = '']) => uri);
  return mirrors.find((uri) => /\/debian$/.test(uri)) ?? 'http://deb.debian.org/debian';
}

/** apt with its own lists, cache and sources, so that nothing of the system's is read or written. */
class Apt {
  readonly #options: string[];
  readonly #environment: NodeJS.ProcessEnv;

  constructor(work: string, environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
    const settings = {
      'Dir::Etc::sourcelist': `${work}/sources.list`,
      'Dir::Etc::sourceparts': '/dev/null',
      'Dir::State::Lists': `${work}/lists`,
      'Dir::Cache': `${work}/cache`,
      'Dir::State::status': '/dev/null',
      'APT::Sandbox::User': 'root',
      'Acquire::Retries': '3',
      'Acquire::Languages': 'none',
    };
    this.#options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  }

  run(
    command: string[],
    cwd = '/',
    onLine: (line: string) => void = () => undefined,
  ): Promise<void> {
    const child = spawn(APT, ['-q', ...this.#options, ...command], {
      cwd,
      env: { ...this.#environment, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let faults = '';
    child.stderr.on('data', (data: Buffer) => {
      faults = `${faults}${data.toString()}`.slice(-2000);
    });
    child.stdout.on('data', (data: Buffer) => data.toString().split('\n').forEach(onLine));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) =>
        code === 0 ? resolve() : reject(new Error(`apt-get ${command[0]}: ${faults.trim()}`)),
      );
    });
  }
}

/** Makes a program run with the tree's own loader and libraries instead of the system's. */
async function wrap(bin: string, tool: string): Promise<void> {
  const program = path.join(bin, tool);
  await rename(program, `${program}.bin`);
  await writeFile(
    program,
    `#!/bin/sh
bin=$(dirname "$(readlink -f "$0")")
lib=$(ls -d "\${bin%/${TREE_BIN}}"/usr/lib/*-linux-gnu)
exec "$lib"/ld-linux-*.so.* --library-path "$lib" --argv0 "$bin/\${0##*/}" "$bin/\${0##*/}.bin" "$@"
`,
  );
  await chmod(program, 0o755);
}

async function existing(files: string[]): Promise<string[]> {
  const there = await Promise.all(files.map((file) => allExist([file])));
  return files.filter((_, at) => there[at]);
}

async function allExist(files: string[]): Promise<boolean> {
  return Promise.all(files.map((file) => access(file))).then(
    () => true,
    () => false,
  );
}
