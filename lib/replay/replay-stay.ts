// Days of a customer: those of an occupancy, from the day of moving in to the day before moving out.

/** A customer's time at one supply point. Days are JST. */
export interface ReplayStay {
  readonly fromOn: string;
  /** First day that is no longer the customer's; null while they are there. */
  readonly toOn: string | null;
  /** Dial capacity of the meter there, litres. */
  readonly dialL: number;
  /** True when earlier days may belong to it too: its first day is only the first of an earlier file. */
  readonly mayBeginEarlier: boolean;
}

/** Index of the stay to which a day belongs; undefined when it belongs to none. */
export function stayOf(day: string, stays: readonly ReplayStay[]): number | undefined {
  const [first] = stays;
  if (first === undefined || (first.mayBeginEarlier && day < first.fromOn)) return 0;
  const stay = stays.findIndex(({ fromOn, toOn }) => fromOn <= day && (!toOn || day < toOn));
  return stay < 0 ? undefined : stay;
}

/** Reason why a day is not the customer's, with the days of the moves around it; undefined when it is. */
export function faultOfStay(day: string, stays: readonly ReplayStay[]): string | undefined {
  if (stayOf(day, stays) !== undefined) return undefined;
  const left = stays.findLast(({ toOn }) => toOn !== null && toOn <= day);
  const next = stays.find(({ fromOn }) => fromOn > day);
  const moves = [
    ...(left ? [`moved out, ${left.toOn} being the first day that is not theirs`] : []),
    ...(next ? [`${left ? 'in again' : 'moved in'} on ${next.fromOn}`] : []),
  ];
  return `${day} is not a day of this customer, who ${moves.join(', and ')}`;
}
