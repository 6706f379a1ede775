/** What the address of a meter's page says: the period of its readings. */
import { addDays, daysBetween, isDay } from '../../../lib/time.ts';
import type { GetRequest } from '../../api-client.ts';
import type { Read } from '../list-address.ts';

/** Up to this many days the readings are shown by the hour. */
const HOURLY_DAYS = 31;

/** The address's period; seven days up to yesterday where it names none. */
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
