import { isDay } from '../../../../lib/time.ts';

/** Request of the page of a supply point for its address: `on` is the day of the register. */
export function supplyPointRequest(
  read: (name: string) => string | undefined,
  supplyPointId: number,
) {
  const on = read('on');
  return { path: { supplyPointId }, query: on !== undefined && isDay(on) ? { on } : {} };
}
