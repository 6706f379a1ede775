/** Address of a household's page: the month, and the day whose hours are shown. */
import { isDay, isMonth } from '../../../lib/time.ts';

type Read = (name: string) => string | undefined;

/** Month of the address; undefined, meaning the latest month, when it names none. */
export function ownMonth(read: Read): string | undefined {
  return valid(read('month'), isMonth);
}

/** Day of the address; undefined when no day is open. */
export function ownDay(read: Read): string | undefined {
  return valid(read('day'), isDay);
}

function valid(text: string | undefined, isValid: (text: string) => boolean): string | undefined {
  return text !== undefined && isValid(text) ? text : undefined;
}
