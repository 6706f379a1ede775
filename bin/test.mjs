/** `npm test`: installs what it needs, then check, unit, database and broker, build, browser, demo, reference data. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium, ensurePackages, ROOT, requireNode, run, TSX } from './setup.mjs';

const RESULTS = join(ROOT, 'test-results');

function vitest(project) {
  const outputFile = join(RESULTS, `${project}.json`);
  return {
    name: project === 'unit' ? 'unit tests' : 'database and broker tests',
    command: [
      'npx',
      'vitest',
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
    ],
    extra: [`--outputFile.json=${outputFile}`],
    count() {
      const result = JSON.parse(readFileSync(outputFile, 'utf8'));
      return {
        passed: result.numPassedTests,
        failed: result.numTotalTests - result.numPassedTests,
      };
    },
  };
}

const BROWSER_RESULTS = join(RESULTS, 'browser.json');
const STEPS = [
  { name: 'check', command: ['npm', 'run', '-s', 'check'] },
  vitest('unit'),
  vitest('database'),
  { name: 'build', command: ['node', 'bin/build.mjs'] },
  {
    name: 'browser tests',
    command: ['npx', 'playwright', 'test', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: BROWSER_RESULTS },
    count() {
      const { stats } = JSON.parse(readFileSync(BROWSER_RESULTS, 'utf8'));
      const second = stats.flaky > 0 ? `${stats.flaky} only at the second try` : undefined;
      return {
        passed: stats.expected + stats.flaky,
        failed: stats.unexpected + stats.skipped,
        note: second,
      };
    },
  },
  { name: 'demo', command: ['node', 'bin/demo.mjs', '--check'] },
  {
    name: 'closing against the reference data',
    command: ['node', ...TSX, 'bin/verify-closing.ts'],
  },
];

async function runStep(step) {
  console.log(`\n── ${step.name} ──`);
  const [command, ...args] = step.command;
  const started = Date.now();
  const code = await run(command, [...args, ...(step.extra ?? [])], {
    env: { ...process.env, npm_config_loglevel: 'error', ...step.env },
  });
  const seconds = Math.round((Date.now() - started) / 1000);
  return { ...countOf(step, code), name: step.name, ok: code === 0, seconds };
}

/** A step without tests of its own counts as one; a runner that died before it could count has failed. */
function countOf(step, code) {
  if (!step.count) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  try {
    const { passed, failed, note } = step.count();
    return { passed, failed: code === 0 ? failed : Math.max(1, failed), note };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

requireNode();
await ensurePackages();
await ensureChromium();
rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });

const results = [];
for (const step of STEPS) results.push(await runStep(step));

console.log('\n── summary ──');
for (const { name, ok, passed, failed, note, seconds } of results) {
  const verdict = ok && failed === 0 ? 'ok    ' : 'FAILED';
  const remark = note ? `, ${note}` : '';
  console.log(`${verdict} ${name}: ${passed} passed, ${failed} failed${remark} (${seconds} s)`);
}
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && results.every(({ ok }) => ok) ? 0 : 1;
