/** What the address of a household's page says: the month and the day whose hours are open. */
import { isDay, isMonth } from '../../../lib/time.ts';

type Read = (name: string) => string | undefined;

/** Undefined, and so the latest month, where the address names none. */
export function ownMonth(read: Read): string | undefined {
  return valid(read('month'), isMonth);
}

/** Undefined where no day is open. */
export function ownDay(read: Read): string | undefined {
  return valid(read('day'), isDay);
}

function valid(text: string | undefined, isValid: (text: string) => boolean): string | undefined {
  return text !== undefined && isValid(text) ? text : undefined;
}
