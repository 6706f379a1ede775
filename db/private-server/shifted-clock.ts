/**
 * Passes the shifted clock of this process to a child process, when a test run has shifted it with libfaketime: as a
 * plain offset, because libfaketime's shared memory is closed to another user.
 */
import { readFileSync } from 'node:fs';

const LIBRARY = 'libfaketime';

/** True in a process whose clock libfaketime shifts. */
export function isShifted(environment: Readonly<Record<string, string | undefined>>): boolean {
  return environment.LD_PRELOAD?.includes(LIBRARY) === true && environment.FAKETIME !== undefined;
}

/**
 * Environment variables that give a child the clock of this process; empty when that is the machine's own.
 * @param environment this process's environment.
 * @param nowMs this process's clock, milliseconds since 1970.
 * @param machineNowMs the machine's clock, which libfaketime does not shift.
 */
export function shiftedClock(
  environment: Readonly<Record<string, string | undefined>>,
  nowMs: number,
  machineNowMs: () => number = machineClock,
): Record<string, string> {
  const preload = environment.LD_PRELOAD;
  if (preload === undefined || !isShifted(environment)) return {};
  const shiftS = Math.round((nowMs - machineNowMs()) / 1000);
  return {
    LD_PRELOAD: preload,
    FAKETIME: `${shiftS < 0 ? '' : '+'}${shiftS}`,
    DONT_FAKE_MONOTONIC: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}

/** The environment without libfaketime, for a program that fails under it. */
export function withoutFaketime(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !['LD_PRELOAD', 'FAKETIME', 'FAKETIME_SHARED'].includes(entry[0]),
  );
  return Object.fromEntries(kept);
}

/** The kernel's boot instant plus its uptime, milliseconds since 1970. */
function machineClock(): number {
  const boot = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1];
  const uptime = readFileSync('/proc/uptime', 'utf8').split(' ')[0];
  return (Number(boot) + Number(uptime)) * 1000;
}
