/**
 * Address of the closing page: ?day=20&month=2026-11&show=none&q=1010&page=2, and of an open row
 * &customer=001010&point=S0042. A value that cannot be read is named in `unread`, and the default stands for it.
 */
import type { ListPart } from '../../../components/table/list-answer.tsx';
import { CLOSING_FILTERS, type ClosingFilter } from '../../../lib/closing/closing-counts.ts';
import { closingDate } from '../../../lib/closing/closing-day.ts';
import { CLOSING_KINDS, type ClosingKind } from '../../../lib/closing/closing-row.ts';
import type { ClosingDaysWire } from '../../../lib/closing/closing-wire.ts';
import { isMonth, monthOf } from '../../../lib/time.ts';
import type { GetRequest } from '../../api-client.ts';
import type { Read } from '../list-address.ts';

/** Key of a row within a closing. */
export interface RowKey {
  customerNumber: string;
  supplyPointNumber: string;
  kind: ClosingKind;
}

export interface ClosingAddress {
  closingDay: number;
  month: string;
  show: ClosingFilter;
  /** A number, or a part of one, that the rows have; empty for all rows. */
  search: string;
  /** Page number from 1. */
  page: number;
  /** The row that is open beside the list. */
  row: RowKey | undefined;
}

export const PAGE_ROWS = 100;
/** Longest text of a search, and of a number; the API takes no longer one. */
const TEXT_MAX_LENGTH = 64;

type RegisteredDays = ClosingDaysWire['days'];

export interface ReadClosingAddress {
  address: ClosingAddress;
  /** Parameters that cannot be read, as they are written: `day=99`. */
  unread: string[];
}

/**
 * The closing that the address names, by default the one that closed last. Undefined when no closing day is registered.
 */
export function readAddress(read: Read, days: RegisteredDays): ReadClosingAddress | undefined {
  const unread: string[] = [];
  const given = <T>(name: string, parse: (text: string) => T | undefined): T | undefined => {
    const text = read(name);
    if (text === undefined || text === '') return undefined;
    const value = parse(text);
    if (value === undefined) unread.push(`${name}=${text.slice(0, TEXT_MAX_LENGTH)}`);
    return value;
  };
  const namedDay = given('day', (text) => wholeNumber(text, 31));
  const namedMonth = given('month', (text) => (isMonth(text) ? text : undefined));
  const show = given('show', (text) => CLOSING_FILTERS.find((filter) => filter === text));
  const page = given('page', (text) => wholeNumber(text, Number.MAX_SAFE_INTEGER));
  const search = given('q', shortText) ?? '';
  const row = rowOf(given, unread);
  const closing = closingOf({ namedDay, namedMonth }, days);
  if (!closing) return undefined;
  return {
    address: { ...closing, show: show ?? 'all', search, page: page ?? 1, row },
    unread,
  };
}

function closingOf(
  { namedDay, namedMonth }: { namedDay: number | undefined; namedMonth: string | undefined },
  days: RegisteredDays,
): { closingDay: number; month: string } | undefined {
  const lastClosed = [...days].sort((a, b) =>
    b.latest.closesOn.localeCompare(a.latest.closesOn),
  )[0];
  const closingDay = namedDay ?? lastClosed?.closingDay;
  if (closingDay === undefined) return undefined;
  const latest = days.find((day) => day.closingDay === closingDay)?.latest ?? lastClosed?.latest;
  const month = namedMonth ?? (latest && monthOf(latest.closesOn));
  return month === undefined ? undefined : { closingDay, month };
}

function rowOf(
  given: <T>(name: string, parse: (text: string) => T | undefined) => T | undefined,
  unread: string[],
): RowKey | undefined {
  const customerNumber = given('customer', shortText);
  const supplyPointNumber = given('point', shortText);
  const kind = given('kind', (text) => CLOSING_KINDS.find((each) => each === text)) ?? 'regular';
  if (customerNumber !== undefined && supplyPointNumber !== undefined) {
    return { customerNumber, supplyPointNumber, kind };
  }
  if (customerNumber !== undefined) unread.push(`customer=${customerNumber}`);
  if (supplyPointNumber !== undefined) unread.push(`point=${supplyPointNumber}`);
  return undefined;
}

/** Rows of the address's page. */
export function closingPart({ page }: ClosingAddress): ListPart {
  return { limit: PAGE_ROWS, offset: (page - 1) * PAGE_ROWS };
}

export function previewRequest(address: ClosingAddress) {
  const { closingDay, month, show, search } = address;
  const found = search === '' ? {} : { search };
  return {
    query: { closingDay, month, show, ...found, ...closingPart(address) },
  } satisfies GetRequest<'/closings'>;
}

export function rowRequest({ closingDay, month }: ClosingAddress, row: RowKey) {
  const { customerNumber: customer, supplyPointNumber: supplyPoint, kind } = row;
  return {
    query: { closingDay, month, customer, supplyPoint, kind },
  } satisfies GetRequest<'/closings/row'>;
}

/** Runs of a list's page. */
export const PAGE_RUNS = 20;

export function runsRequest(
  { closingDay, month }: Pick<ClosingAddress, 'closingDay' | 'month'>,
  offset = 0,
) {
  const closesOn = closingDate(month, closingDay);
  return {
    query: { closingDay, closesOn, limit: PAGE_RUNS, offset },
  } satisfies GetRequest<'/closings/runs'>;
}

/** Issues of a closing that are shown. */
const SHOWN_ISSUES = 5;

export function issuesRequest({ closingDay, month }: Pick<ClosingAddress, 'closingDay' | 'month'>) {
  return {
    query: { closingDay, month, limit: SHOWN_ISSUES },
  } satisfies GetRequest<'/closings/issues'>;
}

/** Query string of the address; default values are left out. */
export function writeAddress(address: ClosingAddress): string {
  const { closingDay, month, show, search, page, row } = address;
  const params = new URLSearchParams({ day: String(closingDay), month });
  if (show !== 'all') params.set('show', show);
  if (search !== '') params.set('q', search);
  if (page > 1) params.set('page', String(page));
  if (row) {
    params.set('customer', row.customerNumber);
    params.set('point', row.supplyPointNumber);
    if (row.kind !== 'regular') params.set('kind', row.kind);
  }
  return `?${params}`;
}

function wholeNumber(text: string, greatest: number): number | undefined {
  if (!/^\d{1,9}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= 1 && number <= greatest ? number : undefined;
}

const CONTROL_CHARACTER = /\p{Cc}/u;

function shortText(text: string): string | undefined {
  return text.length > TEXT_MAX_LENGTH || CONTROL_CHARACTER.test(text) ? undefined : text;
}
