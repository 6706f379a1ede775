import { z } from 'zod';
import { AskedDay, AskedId, AskedOffset } from '../query-params.ts';
import { RefusalSummaryWire, RefusalWire } from '../readings/refusal-wire.ts';
import { COLLECTION_STATES } from './collection.ts';

/** What the API says of collection. Counts are supply points. */
const Day = z.iso.date().meta({ description: 'JST day', example: '2026-11-22' });
const Instant = z.iso.datetime({ offset: true });
const Count = z.number().int().min(0);

export const CollectionCountWire = z
  .object({
    expected: Count.meta({
      description: 'On time + late + back-fill + requested + missing + not yet due',
    }),
    onTime: Count,
    late: Count.meta({ description: 'Arrived after the report window' }),
    backFill: Count.meta({ description: 'Arrived as history' }),
    requested: Count.meta({ description: 'Arrived as answer to a request' }),
    incomplete: Count.meta({ description: 'Of those arrived: index values are missing' }),
    missing: Count,
    notYetDue: Count.meta({ description: 'The report window is not over yet' }),
  })
  .meta({ id: 'CollectionCount' });

export const CollectionWire = z
  .object({
    day: Day,
    total: CollectionCountWire,
    areas: z.array(
      z.object({
        areaId: z.number().int(),
        code: z.string(),
        name: z.string(),
        gasKind: z.enum(['city', 'lp']),
        count: CollectionCountWire,
      }),
    ),
  })
  .meta({ id: 'Collection' });

export const CollectionHistoryWire = z
  .object({ days: z.array(z.object({ day: Day, count: CollectionCountWire })) })
  .meta({ id: 'CollectionHistory' });

const State = z.enum(COLLECTION_STATES);

export const CollectionPointWire = z
  .object({
    supplyPointId: z.number().int(),
    supplyPointNumber: z.string(),
    customerNumber: z.string().nullable(),
    areaName: z.string(),
    meterId: z.number().int(),
    meterSerial: z.string(),
    terminalNumber: z.string(),
    state: State,
    indexCount: z.number().int().min(0).max(24).nullable().meta({
      description: 'Index values that arrived; null when the day has not',
    }),
    expectedCount: z.number().int().min(0).max(24),
    receivedAt: Instant.nullable(),
    dueAt: Instant.meta({ description: 'End of the report window' }),
    lastDay: Day.nullable().meta({ description: 'Latest earlier day with readings' }),
    lastSeenAt: Instant.nullable().meta({ description: 'When the terminal was heard last' }),
    askedCount: Count,
    lastAskedAt: Instant.nullable(),
    advice: z
      .enum([
        'registerMeter',
        'checkFitting',
        'checkKey',
        'checkClock',
        'checkCounter',
        'askOperator',
        'checkTerminal',
        'neverConnected',
        'silent',
        'askedAtNextContact',
        'waitForContact',
        'beyondRequests',
      ])
      .nullable(),
    refusal: RefusalWire.nullable().meta({
      description: 'The latest refused frame that bears on the day',
    }),
    refused: RefusalSummaryWire.nullable().meta({
      description: 'Frames of its terminal that were refused; null when none were',
    }),
  })
  .meta({ id: 'CollectionPoint' });

export const CollectionPointsWire = z
  .object({ total: Count, points: z.array(CollectionPointWire) })
  .meta({ id: 'CollectionPoints' });

/** What may be asked. */
export const CollectionQuery = z.object({
  day: AskedDay.optional().meta({ description: 'A day that is over; yesterday when left out' }),
});
export const CollectionHistoryQuery = CollectionQuery.extend({
  days: z.coerce.number().int().min(1).max(62).default(30),
  areaId: AskedId.optional(),
});
export const CollectionPointsQuery = CollectionQuery.extend({
  state: State.optional(),
  areaId: AskedId.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: AskedOffset,
});

export type CollectionCountWire = z.infer<typeof CollectionCountWire>;
export type CollectionWire = z.infer<typeof CollectionWire>;
export type CollectionHistoryWire = z.infer<typeof CollectionHistoryWire>;
export type CollectionPointWire = z.infer<typeof CollectionPointWire>;
export type CollectionPointsWire = z.infer<typeof CollectionPointsWire>;
