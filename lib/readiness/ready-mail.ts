/** Requests for a mail when a closing is ready: which closing the first one of each month is. Pure. */
import { type Closing, closingDate } from '../closing/closing-day.ts';
import { addMonths, monthOf } from '../time.ts';

/** Key of the mail of a closing: those of later closings are later in the order of texts. */
export function readyMailKey({
  closingDay,
  closesOn,
}: {
  closingDay: number;
  closesOn: string;
}): string {
  return `${closesOn}:${closingDay}`;
}

/** The closing of a mail's key. @throws Error for another text */
export function closingOfKey(key: string): { closingDay: number; closesOn: string } {
  const [, closesOn, day] = /^(\d{4}-\d\d-\d\d):(\d{1,2})$/.exec(key) ?? [];
  if (closesOn === undefined) throw new Error(`"${key}" is the key of no closing`);
  return { closingDay: Number(day), closesOn };
}

/** The closing of a month. */
export function closingOfMonth(closingDay: number, month: string): Closing {
  return {
    closesOn: closingDate(month, closingDay),
    previousOn: closingDate(addMonths(month, -1), closingDay),
  };
}

/** The closing a month after another one of the closing day. */
export function closingAfter(closingDay: number, { closesOn }: Closing): Closing {
  return closingOfMonth(closingDay, addMonths(monthOf(closesOn), 1));
}
