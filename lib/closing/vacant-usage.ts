/**
 * Usage of a supply point while no customer occupied it, which stands in no row. The rows of a supply point and its
 * vacant stretches together have every litre from one closing to the next, once. Litres; days are JST.
 */
import { formatJst } from '../time.ts';
import { periodUsage, type UsageSegment } from './billed-usage.ts';

/** Facts of one vacant stretch within the period of a closing, as the query returns them. */
export interface VacantFacts {
  supplyPointId: number;
  supplyPointNumber: string;
  /** The closing in whose period the stretch lies, and its days, both included. */
  closesOn: string;
  fromOn: string;
  toOn: string;
  fromL: number;
  toL: number;
  /** Instants of both registers, seconds since 1970. */
  fromAtS: number;
  toAtS: number;
  dialL: number;
  /** Nominal maximum flow, m³ in an hour (号). */
  sizeM3PerHour: number;
  /** Meters of the stretch, oldest first, when there was more than one; otherwise null. */
  exchange: UsageSegment[] | null;
}

/** A vacant stretch with what was used in it; null: its registers do not tell. */
export interface VacantStretch {
  supplyPointId: number;
  supplyPointNumber: string;
  closesOn: string;
  fromOn: string;
  toOn: string;
  /** When its registers were read, ISO 8601 with the offset of JST. */
  fromAt: string;
  toAt: string;
  usageL: number | null;
}

export function vacantStretch(facts: VacantFacts): VacantStretch {
  const { supplyPointId, supplyPointNumber, closesOn, fromOn, toOn, ...registers } = facts;
  const usage = periodUsage(registers.exchange ?? [registers]);
  return {
    ...{ supplyPointId, supplyPointNumber, closesOn, fromOn, toOn },
    fromAt: formatJst(new Date(registers.fromAtS * 1000)),
    toAt: formatJst(new Date(registers.toAtS * 1000)),
    usageL: usage.known ? usage.usageL : null,
  };
}

/** Supply points at which gas was used while they were vacant. */
export interface VacantCounts {
  supplyPoints: number;
  /** Known usage, litres. */
  usageL: number;
  /** Supply points of which the usage, or a part of it, is not known. */
  unknown: number;
}

/** Stretches without usage are not counted. */
export function countVacant(stretches: readonly VacantStretch[]): VacantCounts {
  const used = stretches.filter(({ usageL }) => usageL !== 0);
  const unknown = used.filter(({ usageL }) => usageL === null);
  return {
    supplyPoints: new Set(used.map(({ supplyPointId }) => supplyPointId)).size,
    usageL: used.reduce((sum, { usageL }) => sum + (usageL ?? 0), 0),
    unknown: new Set(unknown.map(({ supplyPointId }) => supplyPointId)).size,
  };
}
