/**
 * The product reads the clock only in the files below, each with its reason; everything else gets the instant as a
 * parameter. Deadlines and durations are not instants: they use performance.now().
 */
import { fileURLToPath } from 'node:url';
import { clockReadings } from './clock-readers.mjs';
import { isTest, readSources } from './syntax.mjs';

const PRODUCT = /^(?:app|bin|components|ingest|lib)\//;

export const EDGES = {
  'app/request-instant.ts': 'a request to the web process gets its instant',
  'bin/closing.ts': 'the command gets its instant',
  'bin/demo/run-demo.ts': 'the demo gets the instant before which its history lies',
  'bin/fake-clock.mjs': 'a run at another instant is told how far that is from the present',
  'bin/operate.ts': 'the command gets its instant, and its clock where it waits',
  'bin/replay.ts': 'the command gets its instant, and its terminals their clock',
  'bin/verify-closing.ts': 'the command gets its instant, and its terminals their clock',
  'components/shell/today.tsx': 'a page that stays open counts the time since the server’s instant',
  'ingest/start-worker.ts': 'the worker gets its clock, where a test gives it none',
  'ingest/start.ts': 'the sidecar gets its clock, where a test gives it none',
  'ingest/simulator/main.ts': 'the simulator gets its clock',
};

/**
 * Faults of sources, given as [path, text]: clock readings in other files, and listed files without one.
 * @param edges reasons by path
 */
export function findStrayReadings(sources, edges) {
  const reading = new Map(
    sources
      .filter(([file]) => PRODUCT.test(file) && !isTest(file))
      .map(([file, text]) => [file, clockReadings(text, file)])
      .filter(([, lines]) => lines.length > 0),
  );
  const stray = [...reading].filter(([file]) => edges[file] === undefined);
  return [
    ...stray.flatMap(([file, lines]) =>
      lines.map((line) => `${file}:${line} reads the clock: take the instant from the caller`),
    ),
    ...Object.keys(edges)
      .filter((file) => !reading.has(file))
      .map((file) => `${file} reads no clock, or is gone: take it off the edges`),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = findStrayReadings([...readSources()], EDGES);
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
