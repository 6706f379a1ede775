/** Compares the list of suites that read the clock (bin/clock-suites.mjs) with the code. */

import { CLOCK_SUITES, DURATIONS_ONLY } from '../clock-suites.mjs';
import { findClockSuites, findIdle } from './clock-readers.mjs';

const found = findClockSuites(DURATIONS_ONLY);
const names = found.map(({ suite }) => suite);
const faults = [
  ...found
    .filter(({ suite }) => !CLOCK_SUITES.includes(suite))
    .map(
      ({ suite, through }) =>
        `${suite} reads the clock (${through.slice(0, 3).join(', ')}): list it`,
    ),
  ...CLOCK_SUITES.filter((suite) => !names.includes(suite)).map(
    (suite) => `${suite} does not read the clock, or is gone: take it off the list`,
  ),
  ...findIdle(DURATIONS_ONLY).map(
    (file) => `${file} reads no clock, or is gone: take it off the list of durations`,
  ),
];
for (const fault of faults) console.log(`bin/clock-suites.mjs: ${fault}`);
process.exitCode = faults.length === 0 ? 0 : 1;
