import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { onInterrupt } from './run-command.ts';

/** Resolves when the bytes are taken. */
export type Write = (bytes: Buffer) => Promise<void>;

/** Writes to a stream, standard output for instance. The stream needs a listener for its errors. */
export function writeTo(stream: NodeJS.WritableStream): Write {
  return (bytes) =>
    new Promise((resolve, reject) => {
      stream.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
}

/**
 * Writes a file beside its place and gives it its name at the end: a file under that name is whole and on the disk. What
 * fails or is interrupted leaves nothing. Only its owner can read it, for it holds customer numbers and readings. A device or
 * a pipe is written as it is.
 * @throws Error with the path of the file, before `fn` is called where it cannot be made
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
    // Whatever lies there already, a link too, is nobody's to write through.
    await writeInto(partial, await open(partial, 'wx', 0o600), fn);
    await rename(partial, output);
  } catch (error) {
    // What is in its way is in the way of its removal too.
    await remove().catch(() => undefined);
    throw named(error, { from: partial, to: output });
  } finally {
    forget();
  }
}

/** Whether a file is or can be there; a device or a pipe must not be replaced by one. */
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
    // A pipe or a device has nothing to keep.
    if ((await file.stat()).isFile()) await file.sync();
    closed = true;
    await file.close();
  } finally {
    if (!closed) await file.close().catch(() => undefined);
  }
}

/** The error as one of the file that was asked for: writes name none, and nobody asked for the partial one. */
function named(error: unknown, { from, to }: { from: string; to: string }): unknown {
  const fault = error as NodeJS.ErrnoException;
  const isSystemFault = fault.syscall !== undefined || fault.code === 'EISDIR';
  if (isSystemFault && (fault.path === undefined || fault.path === from)) fault.path = to;
  return fault;
}
