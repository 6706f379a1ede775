import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { onInterrupt } from './run-command.ts';

/** Resolves when the bytes are accepted. */
export type Write = (bytes: Buffer) => Promise<void>;

/** Writes to a stream such as standard output. The stream needs an error listener. */
export function writeTo(stream: NodeJS.WritableStream): Write {
  return (bytes) =>
    new Promise((resolve, reject) => {
      stream.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
}

/**
 * Writes a temporary file and renames it at the end, so that a file under that name is complete and on disk; after an
 * error or an interruption nothing remains. Only its owner can read it, because it holds customer numbers and readings.
 * A device or a pipe is written directly.
 * @throws Error with the path of the file, before `fn` is called when it cannot be created
 */
export async function writeFileWhole(
  output: string,
  fn: (write: Write) => Promise<void>,
): Promise<void> {
  if (!(await isFilePath(output))) return writeInto(output, await open(output, 'w'), fn);
  const partial = `${output}.${randomBytes(8).toString('hex')}.part`;
  const remove = () => rm(partial, { force: true });
  const forget = onInterrupt(remove);
  try {
    // `wx` refuses an existing file or link, which must not be written through.
    await writeInto(partial, await open(partial, 'wx', 0o600), fn);
    await rename(partial, output);
  } catch (error) {
    // The error of the removal would only repeat the one that caused it.
    await remove().catch(() => undefined);
    throw named(error, { from: partial, to: output });
  } finally {
    forget();
  }
}

/** True for a path with or for a regular file; a device or a pipe must not be replaced by one. */
async function isFilePath(output: string): Promise<boolean> {
  const there = await stat(output).catch(() => undefined);
  if (there?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR', path: output });
  return there === undefined || there.isFile();
}

async function writeInto(
  path: string,
  file: FileHandle,
  fn: (write: Write) => Promise<void>,
): Promise<void> {
  let closed = false;
  try {
    await fn(async (bytes) => {
      await file.appendFile(bytes).catch((error) => {
        throw named(error, { from: path, to: path });
      });
    });
    // A pipe or a device cannot be synced.
    if ((await file.stat()).isFile()) await file.sync();
    closed = true;
    await file.close();
  } finally {
    if (!closed) await file.close().catch(() => undefined);
  }
}

/**
 * The error with the path of the requested file: write errors have no path, rename errors that of the temporary file.
 */
function named(error: unknown, { from, to }: { from: string; to: string }): unknown {
  const fault = error as NodeJS.ErrnoException;
  const isSystemFault = fault.syscall !== undefined || fault.code === 'EISDIR';
  if (isSystemFault && (fault.path === undefined || fault.path === from)) fault.path = to;
  return fault;
}
