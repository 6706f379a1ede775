import { z } from 'zod';
import { TextParam } from '../query-params.ts';
import { type Answer, Id, type Wire } from '../wire.ts';

/** Numbers that a search can match. */
const SEARCH_MATCHES = [
  'customerNumber',
  'terminalNumber',
  'meterSerial',
  'supplyPointNumber',
  'unregisteredMeter',
] as const;

const SearchHitWire = z
  .object({
    meterId: Id,
    supplyPointId: Id,
    match: z.enum(SEARCH_MATCHES).meta({
      description:
        'Which number matched; unregisteredMeter: a serial that no meter has, for which the terminal of the supply point reported and was refused',
    }),
    matched: z.string().meta({
      description: 'The number that matched; a former one may differ from what stands there now',
    }),
    meterSerial: z.string(),
    terminalNumber: z.string().nullable().meta({ description: 'Now; null where there is none' }),
    customerNumber: z.string().nullable().meta({ description: 'Now; null where there is none' }),
    areaName: z.string(),
    supplyPointNumber: z.string(),
    current: z.boolean().meta({ description: 'False for a former number of the supply point' }),
  })
  .meta({ id: 'SearchHit' });

export const SearchWire = z.object({ hits: z.array(SearchHitWire) }).meta({ id: 'Search' });

export const SearchQuery = z.object({ q: TextParam });

export type SearchHitWire = Wire<typeof SearchHitWire>;
export type SearchWire = Wire<typeof SearchWire>;
/** A found meter, and the number that matched. */
export type SearchHit = Answer<typeof SearchHitWire>;
