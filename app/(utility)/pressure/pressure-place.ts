/** What the address of the pressure page says: area and period. */
import type { ListPart } from '../../../components/table/list-answer.tsx';
import type { AreaWire } from '../../../lib/pressure/wire.ts';
import { addDays, isDay } from '../../../lib/time.ts';
import type { GetRequest } from '../../api-client.ts';
import { idIn, pageOffset, type Read } from '../list-place.ts';

export const PRESSURE_PAGE = 25;

export interface PressureFilter {
  areaId: number;
  from: string;
  to: string;
}

/** The area of the address, or the first one; undefined where there is none. */
export function chosenArea(read: Read, areas: readonly AreaWire[]): AreaWire | undefined {
  const asked = idIn(read, 'area');
  return areas.find(({ areaId }) => areaId === asked) ?? areas[0];
}

/** The address's period; seven days up to yesterday where it names none that are days. */
export function pressureFilter(read: Read, areaId: number, today: string): PressureFilter {
  const to = read('to') ?? '';
  const end = isDay(to) ? to : addDays(today, -1);
  const from = read('from') ?? '';
  return { areaId, from: isDay(from) && from <= end ? from : addDays(end, -6), to: end };
}

/** Which of the two lists is open. */
export function openList(read: Read): 'meters' | 'hours' {
  return read('list') === 'hours' ? 'hours' : 'meters';
}

/** The page of the open list. */
export function pressurePart(read: Read): ListPart {
  return { limit: PRESSURE_PAGE, offset: pageOffset(read('page'), PRESSURE_PAGE) };
}

export function areaRequest({ areaId, from, to }: PressureFilter) {
  const request = { path: { areaId }, query: { from, to } };
  return request satisfies GetRequest<'/pressure/areas/{areaId}'>;
}

/** Of either list. */
export function pressureListRequest({ areaId, from, to }: PressureFilter, part: ListPart) {
  return { path: { areaId }, query: { from, to, ...part } };
}
