import { isShifted } from '../private-server/shifted-clock.ts';

/** True in a test run whose clock is shifted: some timers of the database server do not fire there. */
export const CLOCK_IS_SHIFTED = isShifted(process.env);
