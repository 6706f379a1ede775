/** Time until the last report of a closing is due, in the units in which a person reads it. Pure. */

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const DAY_HOURS = 24;
const SOON_MINUTES = 2;

export type RemainingTime =
  | { unit: 'days'; days: number; hours: number }
  | { unit: 'hours'; hours: number }
  | { unit: 'minutes'; minutes: number }
  | { unit: 'soon' };

/** Rounded up, so that it has passed when the time is over: hours from one hour on, days from one day on. */
export function remainingTime(from: string, until: string): RemainingTime {
  const minutes = Math.ceil((Date.parse(until) - Date.parse(from)) / MINUTE_MS);
  if (minutes < SOON_MINUTES) return { unit: 'soon' };
  if (minutes < HOUR_MINUTES) return { unit: 'minutes', minutes };
  const hours = Math.ceil(minutes / HOUR_MINUTES);
  if (hours < DAY_HOURS) return { unit: 'hours', hours };
  return { unit: 'days', days: Math.floor(hours / DAY_HOURS), hours: hours % DAY_HOURS };
}
