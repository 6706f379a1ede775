/** Address of a meter's page: the period of its readings. */
import { addDays, daysBetween, isDay } from '../../../lib/time.ts';
import type { GetRequest } from '../../api-client.ts';
import type { Read } from '../list-address.ts';

/** Longest period, in days, that is shown by the hour. */
const HOURLY_DAYS = 31;

/** Request for the address's period, by default the seven days up to yesterday. */
export function readingsRequest(
  read: Read,
  { meterId, today }: { meterId: number; today: string },
) {
  const end = read('to') ?? '';
  const to = isDay(end) ? end : addDays(today, -1);
  const begin = read('from') ?? '';
  const from = isDay(begin) && begin <= to ? begin : addDays(to, -6);
  const step = daysBetween(from, to) < HOURLY_DAYS ? ('hour' as const) : ('day' as const);
  const request = { path: { meterId }, query: { from, to, step } };
  return request satisfies GetRequest<'/meters/{meterId}/readings'>;
}
