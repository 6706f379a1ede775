// Lock of a state file: one process at a time. It is a socket name that the kernel frees with its process, so that kill
// -9 leaves none behind. It works between processes of one machine that share a network namespace.
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { basename, dirname } from 'node:path';

/**
 * Takes the lock of a file, which need not exist; its folder must. Resolves with the function that releases it.
 * `onWait` is called once when another process holds the lock, which is then waited for; without it the call rejects.
 * @throws Error that names the file
 */
export async function lockFile(path: string, onWait?: () => void): Promise<() => Promise<void>> {
  const { dev, ino } = await stat(dirname(path));
  const identity = createHash('sha256')
    .update(`${dev} ${ino} ${basename(path)}`)
    .digest('hex');
  const address = `\0kenshin-file-${identity}`;
  for (let reported = false; ; reported = true) {
    const release = await tryListen(address);
    if (release) return release;
    if (!onWait) {
      throw new Error(`${path} is in use by another process: end that one first, or wait for it`);
    }
    if (!reported) onWait();
    await holderGone(address);
  }
}

/** Release function of the address, or undefined when another process has it. */
function tryListen(address: string): Promise<(() => Promise<void>) | undefined> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<{ destroy: () => void }>();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => waiting.delete(socket));
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    // The lock does not keep the process alive.
    server.unref();
    server.listen(address, () => resolve(() => release(server, waiting)));
  });
}

function release(server: Server, waiting: ReadonlySet<{ destroy: () => void }>): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    for (const socket of waiting) socket.destroy();
  });
}

/** Resolves when the process with the address releases it or ends. */
function holderGone(address: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
  });
}
