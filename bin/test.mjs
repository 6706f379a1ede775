/**
 * `npm test`: installs what it needs, then check, unit, database and broker, build, browser, demo, reference data.
 * Database suites that read the clock run at the first of a month (bin/clock-suites.mjs), and all browser journeys at
 * desk width and a second run of the demo too; journeys at phone width and the demo run at the present date.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { CLOCK_SUITES, INSTANTS } from './clock-suites.mjs';
import { failedInPlaywright, failedInVitest } from './failed-tests.mjs';
import { shiftedEnvironment } from './fake-clock.mjs';
import {
  ensureChromium,
  ensureFaketime,
  ensurePackages,
  ROOT,
  requireNode,
  run,
  TSX,
} from './setup.mjs';

const RESULTS = join(ROOT, 'test-results');
/** Maximum number of files with failures that are run again; more are not due to a busy machine. */
const MOST_AGAIN = 3;

/**
 * A stage of Vitest, counted from its own report. Files with failed tests are run again, which the summary mentions.
 */
function vitest({ name, project, suites = [], env, secondTry = true }) {
  const outputFile = join(RESULTS, `${name.replaceAll(/\W+/g, '-')}.json`);
  const failures = () => failedInVitest(JSON.parse(readFileSync(outputFile, 'utf8')));
  return {
    name,
    env,
    command: ['npx', 'vitest', 'run', '--project', project, ...suites],
    extra: ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`],
    count() {
      const result = JSON.parse(readFileSync(outputFile, 'utf8'));
      return {
        passed: result.numPassedTests,
        failed: result.numTotalTests - result.numPassedTests,
        failures: failures(),
      };
    },
    again() {
      if (!secondTry) return undefined;
      const files = [...new Set(failures().map(({ file }) => relative(ROOT, file)))];
      if (files.length === 0 || files.length > MOST_AGAIN) return undefined;
      return vitest({ name: `${name}, again`, project, suites: files, env, secondTry: false });
    },
  };
}

/** A stage of the browser tests at one width, counted from their report. */
function playwright({ name, project, env }) {
  const outputFile = join(RESULTS, `browser-${project}.json`);
  return {
    name,
    command: ['npx', 'playwright', 'test', `--project=${project}`, '--reporter=list,json'],
    env: () => ({ ...env?.(), PLAYWRIGHT_JSON_OUTPUT_NAME: outputFile }),
    count() {
      const report = JSON.parse(readFileSync(outputFile, 'utf8'));
      const { expected, flaky, unexpected, skipped } = report.stats;
      return {
        passed: expected + flaky,
        failed: unexpected + skipped,
        failures: failedInPlaywright(report),
        second: flaky,
      };
    },
  };
}

/** Stages at the first of the instants of bin/clock-suites.mjs. */
function shiftedStages(library) {
  const [instant] = INSTANTS;
  const at = instant.slice(0, 16).replace('T', ' ');
  // Made when the stage begins, so that its clock begins at the instant.
  const env = () => shiftedEnvironment(library, instant);
  const only = (pattern) => CLOCK_SUITES.filter((suite) => pattern.test(suite));
  return {
    unit: vitest({
      name: `unit tests at ${at}`,
      project: 'unit',
      suites: only(/(?<!\.db)\.test\.tsx?$/),
      env,
    }),
    database: vitest({
      name: `database and broker tests at ${at}`,
      project: 'database',
      suites: only(/\.db\.test\.ts$/),
      env,
    }),
    desk: playwright({ name: `browser tests, desk, at ${at}`, project: 'desk', env }),
    demo: {
      name: `demo at ${at}`,
      command: ['node', 'bin/demo.mjs', '--check', '--apart'],
      env,
    },
  };
}

/** Database suites that do not read the clock: the others run at the instant of `shiftedStages`. */
function suitesWithoutClock() {
  const args = ['ls-files', '-co', '--exclude-standard', '--', '*.db.test.ts'];
  const all = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\n');
  return all.filter((suite) => suite !== '' && !CLOCK_SUITES.includes(suite));
}

function listStages(library) {
  const shifted = shiftedStages(library);
  return [
    { name: 'check', command: ['npm', 'run', '-s', 'check'] },
    vitest({ name: 'unit tests', project: 'unit' }),
    vitest({
      name: 'database and broker tests without a clock',
      project: 'database',
      suites: suitesWithoutClock(),
    }),
    shifted.unit,
    shifted.database,
    { name: 'build', command: ['node', 'bin/build.mjs'] },
    shifted.desk,
    playwright({ name: 'browser tests, phone', project: 'phone' }),
    { name: 'demo', command: ['node', 'bin/demo.mjs', '--check'] },
    shifted.demo,
    {
      name: 'closing against the reference data',
      command: ['node', ...TSX, 'bin/verify-closing.ts'],
    },
  ];
}

/** Runs a stage. Tests that pass only at the second run count as passed, and the summary names them. */
async function runStage(stage) {
  console.log(`\n── ${stage.name} ──`);
  const [command, ...args] = stage.command;
  const startedMs = performance.now();
  const code = await run(command, [...args, ...(stage.extra ?? [])], {
    env: { ...process.env, npm_config_loglevel: 'error', ...environmentOf(stage) },
  });
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const first = { ...countOf(stage, code), name: stage.name, ok: code === 0, seconds };
  const again = first.ok ? undefined : secondTryOf(stage);
  if (!again) return first;
  const second = await runStage(again);
  const all = { ...first, seconds: seconds + second.seconds };
  if (!second.ok) return all;
  const failures = first.failures.map((failure) => ({ ...failure, again: true }));
  const passed = first.passed + first.failed;
  return { ...all, ok: true, passed, failed: 0, failures, second: first.failed };
}

function secondTryOf(stage) {
  try {
    return stage.again?.();
  } catch {
    return undefined;
  }
}

function environmentOf({ env = {} }) {
  return typeof env === 'function' ? env() : env;
}

/** Counts of a stage. One without tests counts as one; a runner that died before counting has failed. */
function countOf(stage, code) {
  if (!stage.count) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  try {
    const count = stage.count();
    return { ...count, failed: code === 0 ? count.failed : Math.max(1, count.failed) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

requireNode();
await ensurePackages();
await ensureChromium();
const library = await ensureFaketime();
rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });

const results = [];
for (const stage of listStages(library)) results.push(await runStage(stage));

/** Summary of the failures, printed last because often only the end of an output is kept. */
function printFailures(results) {
  for (const { name, failures = [] } of results) {
    for (const { file, title, again, lines } of failures) {
      const verdict = again ? 'passed only at the second try' : 'FAILED';
      console.log(`\n${verdict}: ${name}: ${relative(ROOT, resolve(ROOT, file))}: ${title}`);
      for (const line of lines) console.log(`  ${line.replaceAll(`${ROOT}/`, '')}`);
    }
  }
}

console.log('\n── summary ──');
printFailures(results);
for (const { name, ok, passed, failed, second, seconds } of results) {
  const verdict = ok && failed === 0 ? 'ok    ' : 'FAILED';
  const remark = second > 0 ? `, ${second} only at the second try` : '';
  console.log(`${verdict} ${name}: ${passed} passed, ${failed} failed${remark} (${seconds} s)`);
}
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && results.every(({ ok }) => ok) ? 0 : 1;
