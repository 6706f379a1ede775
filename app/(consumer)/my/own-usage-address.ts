/** Address of a household's page: the month with its kind, and the day whose hours are shown. */
import { isDay, isMonth } from '../../../lib/time.ts';
import type { PeriodKind } from '../../../lib/usage/usage-period.ts';
import type { GetRequest } from '../../api-client.ts';

type Read = (name: string) => string | undefined;

/** Month of the address; undefined, meaning the latest month, when it names none. */
export function ownMonth(read: Read): string | undefined {
  return valid(read('month'), isMonth);
}

/** Kind of the months, by default calendar months. */
export function ownPeriod(read: Read): PeriodKind {
  return read('period') === 'billing' ? 'billing' : 'calendar';
}

/** Day of the address; undefined when no day is open. */
export function ownDay(read: Read): string | undefined {
  return valid(read('day'), isDay);
}

/** Request for a month; the same for the server and the page, so that they share the answer. */
export function ownMonthRequest(month: string | undefined, period: PeriodKind) {
  return { query: { month, period } } satisfies GetRequest<'/my/usage'>;
}

function valid(text: string | undefined, isValid: (text: string) => boolean): string | undefined {
  return text !== undefined && isValid(text) ? text : undefined;
}
