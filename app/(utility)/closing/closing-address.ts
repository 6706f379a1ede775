/** What the address of the closing page holds: ?day=20&month=2026-11&show=none&page=2. Anything else falls back. */
import { CLOSING_FILTERS, type ClosingFilter } from '../../../lib/closing/closing-row.ts';
import type { ClosingDaysWire } from '../../../lib/closing/wire.ts';
import { isMonth, monthOf } from '../../../lib/time.ts';

export interface ClosingAddress {
  closingDay: number;
  month: string;
  show: ClosingFilter;
  /** From 1. */
  page: number;
}

type RegisteredDays = ClosingDaysWire['days'];

/**
 * The closing that the address names; where it names none, the one that closed last. Undefined without any closing day.
 */
export function readAddress(
  params: Pick<URLSearchParams, 'get'>,
  days: RegisteredDays,
): ClosingAddress | undefined {
  const asked = wholeNumber(params.get('day'), 31);
  const lastClosed = [...days].sort((a, b) =>
    b.latest.closesOn.localeCompare(a.latest.closesOn),
  )[0];
  const closingDay = asked ?? lastClosed?.closingDay;
  if (closingDay === undefined) return undefined;
  const latest = days.find((day) => day.closingDay === closingDay)?.latest ?? lastClosed?.latest;
  const named = params.get('month') ?? '';
  const month = isMonth(named) ? named : latest && monthOf(latest.closesOn);
  if (month === undefined) return undefined;
  return {
    closingDay,
    month,
    show: CLOSING_FILTERS.find((filter) => filter === params.get('show')) ?? 'all',
    page: wholeNumber(params.get('page'), Number.MAX_SAFE_INTEGER) ?? 1,
  };
}

/** The query of the address; what is as usual is left out. */
export function writeAddress({ closingDay, month, show, page }: ClosingAddress): string {
  const params = new URLSearchParams({ day: String(closingDay), month });
  if (show !== 'all') params.set('show', show);
  if (page > 1) params.set('page', String(page));
  return `?${params}`;
}

function wholeNumber(text: string | null, greatest: number): number | undefined {
  if (text === null || !/^\d{1,9}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= 1 && number <= greatest ? number : undefined;
}
