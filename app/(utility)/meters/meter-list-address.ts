/** Address of the list of meters: text, area, order and page. */
import { METER_SORTS } from '../../../lib/meters/meter-sort.ts';
import type { GetRequest } from '../../api-client.ts';
import { idIn, pageOffset, type Read, sortIn } from '../list-address.ts';

export const METERS_PAGE = 50;
export const METERS_FIRST = { sort: 'customerNumber', descending: false } as const;

export function metersRequest(read: Read) {
  const { sort, descending } = sortIn(read, METER_SORTS, METERS_FIRST);
  const query = {
    q: read('q'),
    areaId: idIn(read, 'area'),
    sort,
    order: descending ? 'desc' : 'asc',
    limit: METERS_PAGE,
    offset: pageOffset(read('page'), METERS_PAGE),
  } as const;
  return { query } satisfies GetRequest<'/meters'>;
}
