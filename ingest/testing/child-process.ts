/**
 * The sidecar or the worker as a process of its own, for what only a process can show: signals, its end, its
 * environment.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { testClock } from '../../db/testing/testing.ts';

export interface RunningProcess {
  child: ChildProcess;
  /** What it said when it was ready; a worker has no port for MQTT. */
  listening: { mqttPort: number; healthPort: number; worker?: boolean };
  exited: Promise<number | null>;
  /** Its output so far. */
  output: () => string;
}

/**
 * Starts `ingest/main.ts` or `ingest/worker.ts` with these variables and no others; resolves when it reports its
 * addresses.
 * @param children where it is entered at once, to be killed after the test. @throws Error with its output where it ends
 * before.
 */
export async function startProcess(
  entry: 'main.ts' | 'worker.ts',
  environment: Record<string, string>,
  children: ChildProcess[],
): Promise<RunningProcess> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL(`../${entry}`, import.meta.url))],
    {
      // Node's types ask for the variables of Next, which this process is not given.
      env: {
        ...{ PATH: '/usr/bin:/bin', ...testClock(), ...environment },
      } as unknown as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  children.push(child);
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const listening = new Promise<RunningProcess['listening']>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`;
      const entry = JSON.parse(line);
      if (entry.msg === 'listening') resolve(entry);
    });
    exited.then(() => reject(new Error(`it ended: ${output}`)), reject);
  });
  return { child, exited, output: () => output, listening: await listening };
}
