import { z } from 'zod';
import { AskedText } from '../query-params.ts';

const SearchHitWire = z
  .object({
    meterId: z.number().int(),
    match: z.enum([
      'customerNumber',
      'terminalNumber',
      'meterSerial',
      'supplyPointNumber',
      'unregisteredMeter',
    ]),
    matched: z.string().meta({ description: 'The number that matched' }),
    meterSerial: z.string(),
    terminalNumber: z.string().nullable(),
    customerNumber: z.string().nullable(),
    areaName: z.string(),
    supplyPointNumber: z.string(),
    current: z.boolean().meta({ description: 'False for a former number of the place' }),
  })
  .meta({ id: 'SearchHit' });

export const SearchWire = z.object({ hits: z.array(SearchHitWire) }).meta({ id: 'Search' });

export const SearchQuery = z.object({ q: AskedText });

export type SearchWire = z.infer<typeof SearchWire>;
