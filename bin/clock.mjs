/**
 * `npm run clock [-- --first] [-- --without-browser]`: runs the suites that read the clock, and the demo's check, at
 * difficult instants (bin/clock-suites.mjs). libfaketime shifts the wall clock of the test processes and of the private
 * database; the clock keeps running and monotonic time is unchanged.
 */
import { CLOCK_SUITES, INSTANTS } from './clock-suites.mjs';
import { shiftedEnvironment } from './fake-clock.mjs';
import { ensureChromium, ensureFaketime, ensurePackages, requireNode, run } from './setup.mjs';

const only = (pattern) => CLOCK_SUITES.filter((suite) => pattern.test(suite));
const UNIT = only(/(?<!\.db)\.test\.tsx?$/);
const DATABASE = only(/\.db\.test\.ts$/);
const BROWSER = only(/\.spec\.ts$/);

const withBrowser = !process.argv.includes('--without-browser');
const instants = process.argv.includes('--first') ? INSTANTS.slice(0, 1) : INSTANTS;

const STAGES = [
  ['unit', ['npx', 'vitest', 'run', '--project', 'unit', ...UNIT]],
  ['database and broker', ['npx', 'vitest', 'run', '--project', 'database', ...DATABASE]],
  ...(withBrowser ? [['browser', ['npx', 'playwright', 'test', ...BROWSER]]] : []),
  ['demo check', ['node', 'bin/demo.mjs', '--check', '--apart']],
];

requireNode();
await ensurePackages();
const library = await ensureFaketime();
if (withBrowser) await ensureChromium();
if ((await run('node', ['bin/build.mjs'])) !== 0) process.exit(1);

const failed = [];
for (const instant of instants) {
  for (const [name, [command, ...args]] of STAGES) {
    console.log(`\n── ${instant}: ${name} ──`);
    const code = await run(command, args, { env: shiftedEnvironment(library, instant) });
    if (code !== 0) failed.push(`${instant}: ${name}`);
  }
}
console.log(
  failed.length === 0
    ? `\nall ${STAGES.length} steps passed at ${instants.length} instants`
    : `\nfailed: ${failed.join('; ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
