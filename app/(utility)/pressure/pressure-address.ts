/** Address of the pressure page: area and period. */
import type { ListPart } from '../../../components/table/list-answer.tsx';
import { METER_PRESSURE_SORTS } from '../../../lib/pressure/meter-pressure-sort.ts';
import type { AreaWire } from '../../../lib/pressure/pressure-wire.ts';
import { addDays, isDay } from '../../../lib/time.ts';
import type { GetRequest } from '../../api-client.ts';
import { idIn, pageOffset, type Read, sortIn } from '../list-address.ts';

export const PRESSURE_PAGE = 25;
export const PRESSURES_FIRST = { sort: 'outside', descending: true } as const;

export interface PressureFilter {
  areaId: number;
  from: string;
  to: string;
}

/** Area of the address, by default the first one; undefined when there is no area. */
export function chosenArea(read: Read, areas: readonly AreaWire[]): AreaWire | undefined {
  const named = idIn(read, 'area');
  return areas.find(({ areaId }) => areaId === named) ?? areas[0];
}

/** Area and period of the address, by default the seven days up to yesterday. */
export function pressureFilter(read: Read, areaId: number, today: string): PressureFilter {
  const to = read('to') ?? '';
  const end = isDay(to) ? to : addDays(today, -1);
  const from = read('from') ?? '';
  return { areaId, from: isDay(from) && from <= end ? from : addDays(end, -6), to: end };
}

/** Which of the two lists is shown. */
export function openList(read: Read): 'meters' | 'hours' {
  return read('list') === 'hours' ? 'hours' : 'meters';
}

/** Rows of the shown list's page. */
function pressurePart(read: Read): ListPart {
  return { limit: PRESSURE_PAGE, offset: pageOffset(read('page'), PRESSURE_PAGE) };
}

export function areaRequest({ areaId, from, to }: PressureFilter) {
  const request = { path: { areaId }, query: { from, to } };
  return request satisfies GetRequest<'/pressure/areas/{areaId}'>;
}

export function metersRequest(read: Read, { areaId, from, to }: PressureFilter) {
  const { sort, descending } = sortIn(read, METER_PRESSURE_SORTS, PRESSURES_FIRST);
  const order = descending ? ('desc' as const) : ('asc' as const);
  const request = { path: { areaId }, query: { from, to, sort, order, ...pressurePart(read) } };
  return request satisfies GetRequest<'/pressure/areas/{areaId}/meters'>;
}

export function excursionsRequest(read: Read, { areaId, from, to }: PressureFilter) {
  const request = { path: { areaId }, query: { from, to, ...pressurePart(read) } };
  return request satisfies GetRequest<'/pressure/areas/{areaId}/excursions'>;
}
