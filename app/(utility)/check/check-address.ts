/**
 * Address of the work-list: ?rule=fell&area=3&q=1010&order=closing&after=…&item=12_2026-10-10, of its other parts
 * ?part=rows&day=20&page=2, ?part=second and ?part=marks&kind=clock-doubt&q=1010&seen=1. A value that cannot be read is left out.
 */

import { isDay } from '../../../lib/time.ts';
import { MARK_RULES } from '../../../lib/validation/reading-marks.ts';
import {
  parsePlace,
  WORK_ORDERS,
  WORK_RULES,
  type WorkOrder,
  type WorkRule,
} from '../../../lib/work-list/work-list.ts';
import type { GetRequest } from '../../api-client.ts';
import { idIn, pageOffset, type Read } from '../list-address.ts';

/** Parts of the page: readings in doubt, marks for attention, rows of closings, edits that wait for a second person. */
export const CHECK_PARTS = ['readings', 'marks', 'rows', 'second'] as const;
export type CheckPart = (typeof CHECK_PARTS)[number];

/** Names an item of the list. */
export interface ItemKey {
  meterId: number;
  fromOn: string;
}

export interface CheckAddress {
  part: CheckPart;
  rule: WorkRule | undefined;
  areaId: number | undefined;
  search: string;
  order: WorkOrder;
  /** `next` of the page before. */
  after: string | undefined;
  /** The item that is open, where the address names one. */
  item: ItemKey | undefined;
}

const TEXT_MAX_LENGTH = 64;
export const PAGE_ITEMS = 50;

export function readCheckAddress(read: Read): CheckAddress {
  const search = read('q') ?? '';
  const after = read('after');
  return {
    part: CHECK_PARTS.find((part) => part === read('part')) ?? 'readings',
    rule: WORK_RULES.find((rule) => rule === read('rule')),
    areaId: idIn(read, 'area'),
    search: search.length <= TEXT_MAX_LENGTH && !/\p{Cc}/u.test(search) ? search : '',
    order: WORK_ORDERS.find((order) => order === read('order')) ?? 'litres',
    after: after !== undefined && parsePlace(after) ? after : undefined,
    item: readItem(read('item') ?? ''),
  };
}

/** The address's text for an item. */
export function writeItem({ meterId, fromOn }: ItemKey): string {
  return `${meterId}_${fromOn}`;
}

function readItem(text: string): ItemKey | undefined {
  const [meter = '', fromOn = '', ...rest] = text.split('_');
  if (!/^[1-9]\d{0,8}$/.test(meter) || !isDay(fromOn) || rest.length > 0) return undefined;
  return { meterId: Number(meter), fromOn };
}

export function workRequest({ rule, areaId, search, order, after }: CheckAddress) {
  return {
    query: {
      ...{ order, limit: PAGE_ITEMS },
      ...(rule === undefined ? {} : { rule }),
      ...(areaId === undefined ? {} : { areaId }),
      ...(search === '' ? {} : { search }),
      ...(after === undefined ? {} : { after }),
    },
  } satisfies GetRequest<'/work-list'>;
}

export function itemRequest({ meterId, fromOn }: ItemKey) {
  return { query: { meterId, fromOn } } satisfies GetRequest<'/work-list/item'>;
}

/** Rows of closings of the address, or of the closing that closed first. */
export function rowsRequest(read: Read) {
  const closingDay = idIn(read, 'day');
  return {
    query: {
      ...{ limit: PAGE_ITEMS, offset: pageOffset(read('page'), PAGE_ITEMS) },
      ...(closingDay === undefined || closingDay > 31 ? {} : { closingDay }),
    },
  } satisfies GetRequest<'/work-list/closing-rows'>;
}

/** Marks for attention of the address: open ones, or with `seen` those that a user looked at. */
export function marksRequest(read: Read) {
  const rule = MARK_RULES.find((each) => each === read('kind'));
  const { search } = readCheckAddress(read);
  return {
    query: {
      ...{ limit: PAGE_ITEMS, offset: pageOffset(read('page'), PAGE_ITEMS) },
      state: read('seen') === '1' ? ('seen' as const) : ('open' as const),
      ...(rule === undefined ? {} : { rule }),
      ...(search === '' ? {} : { search }),
    },
  } satisfies GetRequest<'/work-list/marks'>;
}

/** Edits that wait for a second person. */
export function proposedRequest({ limit, offset }: { limit: number; offset: number }) {
  return { query: { state: 'proposed', limit, offset } } satisfies GetRequest<'/edits'>;
}
