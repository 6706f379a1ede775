/** Address of the closing page: ?day=20&month=2026-11&show=none&page=2. Invalid values fall back to defaults. */
import type { ListPart } from '../../../components/table/list-answer.tsx';
import { CLOSING_FILTERS, type ClosingFilter } from '../../../lib/closing/closing-row.ts';
import type { ClosingDaysWire } from '../../../lib/closing/closing-wire.ts';
import { isMonth, monthOf } from '../../../lib/time.ts';
import type { GetRequest } from '../../api-client.ts';
import type { Read } from '../list-address.ts';

export interface ClosingAddress {
  closingDay: number;
  month: string;
  show: ClosingFilter;
  /** Page number from 1. */
  page: number;
}

export const PAGE_ROWS = 100;

type RegisteredDays = ClosingDaysWire['days'];

/**
 * The closing that the address names, by default the one that closed last. Undefined when no closing day is registered.
 */
export function readAddress(read: Read, days: RegisteredDays): ClosingAddress | undefined {
  const namedDay = wholeNumber(read('day'), 31);
  const lastClosed = [...days].sort((a, b) =>
    b.latest.closesOn.localeCompare(a.latest.closesOn),
  )[0];
  const closingDay = namedDay ?? lastClosed?.closingDay;
  if (closingDay === undefined) return undefined;
  const latest = days.find((day) => day.closingDay === closingDay)?.latest ?? lastClosed?.latest;
  const named = read('month') ?? '';
  const month = isMonth(named) ? named : latest && monthOf(latest.closesOn);
  if (month === undefined) return undefined;
  return {
    closingDay,
    month,
    show: CLOSING_FILTERS.find((filter) => filter === read('show')) ?? 'all',
    page: wholeNumber(read('page'), Number.MAX_SAFE_INTEGER) ?? 1,
  };
}

/** Rows of the address's page. */
export function closingPart({ page }: ClosingAddress): ListPart {
  return { limit: PAGE_ROWS, offset: (page - 1) * PAGE_ROWS };
}

export function previewRequest(address: ClosingAddress) {
  const { closingDay, month, show } = address;
  return {
    query: { closingDay, month, show, ...closingPart(address) },
  } satisfies GetRequest<'/closings'>;
}

/** Query string of the address; default values are left out. */
export function writeAddress({ closingDay, month, show, page }: ClosingAddress): string {
  const params = new URLSearchParams({ day: String(closingDay), month });
  if (show !== 'all') params.set('show', show);
  if (page > 1) params.set('page', String(page));
  return `?${params}`;
}

function wholeNumber(text: string | undefined, greatest: number): number | undefined {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= 1 && number <= greatest ? number : undefined;
}
