import { z } from 'zod';
import { DayParam, IdParam } from '../query-params.ts';
import { RefusalSummaryWire, RefusalWire } from '../readings/refusal-wire.ts';
import { type Answer, Count, Day, GasKind, Id, Instant, listOf, page, type Wire } from '../wire.ts';
import { COLLECTION_STATES, MISSING_ADVICE } from './collection.ts';

/** Collection in the API. Counts are supply points. */
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
    areas: z
      .array(
        z.object({
          areaId: Id,
          code: z.string(),
          name: z.string(),
          gasKind: GasKind,
          count: CollectionCountWire,
        }),
      )
      .meta({ description: 'By code; areas in which nothing is expected are left out' }),
  })
  .meta({ id: 'Collection' });

export const CollectionHistoryWire = z
  .object({ days: z.array(z.object({ day: Day, count: CollectionCountWire })) })
  .meta({ id: 'CollectionHistory' });

const State = z.enum(COLLECTION_STATES);
const IndexCount = z.number().int().min(0).max(24);

export const CollectionSupplyPointWire = z
  .object({
    supplyPointId: Id,
    supplyPointNumber: z.string(),
    customerNumber: z.string().nullable().meta({
      description: 'Null while the supply point has no customer',
    }),
    areaName: z.string(),
    meterId: Id,
    meterSerial: z.string(),
    terminalNumber: z.string(),
    state: State,
    indexCount: IndexCount.nullable().meta({
      description: 'Index values that arrived; null when the day has not',
    }),
    expectedCount: IndexCount.meta({ description: 'Fewer than 24 on the day of fitting' }),
    receivedAt: Instant.nullable(),
    dueAt: Instant.meta({ description: 'End of the report window' }),
    lastDay: Day.nullable().meta({
      description: 'Latest earlier day with readings of this meter; null when none in 400 days',
    }),
    lastSeenAt: Instant.nullable().meta({ description: 'When the terminal was heard last' }),
    askedCount: Count.meta({ description: 'How often the terminal was asked for the day again' }),
    lastAskedAt: Instant.nullable(),
    advice: z.enum(MISSING_ADVICE).nullable(),
    refusal: RefusalWire.nullable().meta({
      description: 'The latest refused frame that bears on the day',
    }),
    refused: RefusalSummaryWire.nullable().meta({
      description: 'Frames of its terminal that were refused; null when none were',
    }),
  })
  .meta({ id: 'CollectionPoint' });

export const CollectionSupplyPointsWire = z
  .object(listOf(CollectionSupplyPointWire))
  .meta({ id: 'CollectionPoints' });

/** Parameters of requests. */
export const CollectionQuery = z.object({
  day: DayParam.optional().meta({ description: 'A day that is over; yesterday when left out' }),
});
export const CollectionHistoryQuery = CollectionQuery.extend({
  days: z.coerce.number().int().min(1).max(62).default(30),
  areaId: IdParam.optional(),
});
export const CollectionSupplyPointsQuery = CollectionQuery.extend({
  state: State.optional(),
  areaId: IdParam.optional(),
  ...page(50, 500),
});

export type CollectionCountWire = Wire<typeof CollectionCountWire>;
export type CollectionWire = Wire<typeof CollectionWire>;
export type CollectionHistoryWire = Wire<typeof CollectionHistoryWire>;
export type CollectionSupplyPointWire = Wire<typeof CollectionSupplyPointWire>;

/** Counts of one day, in all and by area. */
export type Collection = Answer<typeof CollectionWire>;
/** The counts of one day of a history. */
export type CollectionDay = Answer<typeof CollectionHistoryWire>['days'][number];
/** A supply point behind the counts, with its day and its terminal. */
export type CollectionSupplyPoint = Answer<typeof CollectionSupplyPointWire>;
/** A page of them. */
export type CollectionSupplyPoints = Answer<typeof CollectionSupplyPointsWire>;
