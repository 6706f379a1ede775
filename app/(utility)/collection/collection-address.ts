/** Address of the collection page: day, area, and which supply points are listed. */
import { COLLECTION_STATES, type CollectionState } from '../../../lib/collection/collection.ts';
import type { CollectionWire } from '../../../lib/collection/collection-wire.ts';
import { addDays, isDay } from '../../../lib/time.ts';
import type { GetRequest } from '../../api-client.ts';
import { idIn, pageOffset, type Read } from '../list-address.ts';

export const SUPPLY_POINTS_PAGE = 50;
const HISTORY_DAYS = 30;

/** Request for the day of the address, by default yesterday. */
export function collectionRequest(read: Read, today: string) {
  const day = read('day') ?? '';
  const query = { day: isDay(day) ? day : addDays(today, -1) };
  return { query } satisfies GetRequest<'/collection'>;
}

/** Request for the days up to that of the address, of all areas or of the chosen one. */
export function historyRequest(read: Read, today: string) {
  const { day } = collectionRequest(read, today).query;
  const query = { day, areaId: idIn(read, 'area'), days: HISTORY_DAYS };
  return { query } satisfies GetRequest<'/collection/history'>;
}

/** State whose supply points are listed: that of the address, by default the first that needs action. */
export function listedState(read: Read, { total, areas }: CollectionWire): CollectionState {
  const named = COLLECTION_STATES.find((state) => state === read('state'));
  if (named) return named;
  const areaId = idIn(read, 'area');
  const count = areas.find((area) => area.areaId === areaId)?.count ?? total;
  return COLLECTION_STATES.find((state) => count[state] > 0) ?? 'missing';
}

/** Request for the supply points behind the counts of a day. */
export function supplyPointsRequest(read: Read, collection: CollectionWire) {
  const query = {
    day: collection.day,
    state: listedState(read, collection),
    areaId: idIn(read, 'area'),
    limit: SUPPLY_POINTS_PAGE,
    offset: pageOffset(read('page'), SUPPLY_POINTS_PAGE),
  };
  return { query } satisfies GetRequest<'/collection/points'>;
}
