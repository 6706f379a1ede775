/**
 * Lock for starting and stopping a private server, and the list of its users. Both survive kill -9: the lock is a
 * socket that the kernel frees with its process, a user is a file that names a process and its start time.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';

/** Runs `fn` while no other process on this machine runs one under the same name. */
export async function withLock<T>(
  name: string,
  onWait: () => void,
  fn: () => Promise<T>,
): Promise<T> {
  const release = await acquire(`\0kenshin-${name}`, onWait);
  try {
    return await fn();
  } finally {
    await release();
  }
}

async function acquire(address: string, onWait: () => void): Promise<() => Promise<void>> {
  for (let reported = false; ; reported = true) {
    const server = await listen(address);
    if (server) return () => new Promise((done) => server.close(() => done()));
    if (!reported) onWait();
    await holderGone(address);
  }
}

/** The listening socket; undefined when another process holds the address. */
function listen(address: string): Promise<net.Server | undefined> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => waiting.delete(socket));
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    const close = server.close.bind(server);
    server.close = (done) => {
      close(done);
      for (const socket of waiting) socket.destroy();
      return server;
    };
    server.listen(address, () => resolve(server));
  });
}

/** Resolves when the process that holds the address releases it or dies. */
function holderGone(address: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(address);
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
  });
}

let leases = 0;

/** Records this process as a user of `directory`. @returns a function that removes the record. */
export async function addUser(directory: string): Promise<() => Promise<void>> {
  await mkdir(directory, { recursive: true });
  leases += 1;
  const file = path.join(directory, `${process.pid}-${await startOf(process.pid)}-${leases}`);
  await writeFile(file, '');
  return () => rm(file, { force: true });
}

/** True when a live process is recorded as a user; records of dead ones are removed. */
export async function hasUsers(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch(() => []);
  let living = 0;
  for (const name of names) {
    const [pid, start] = name.split('-');
    if ((await startOf(Number(pid))) === start) living += 1;
    else await rm(path.join(directory, name), { force: true });
  }
  return living > 0;
}

/** Start time of a process in the kernel's ticks, which distinguishes it from a later one with the same id. */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the command in parentheses and may contain anything; the start is the 22nd.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
