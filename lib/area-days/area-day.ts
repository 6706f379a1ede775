/**
 * Roll-up of a JST day of an area. The distribution has classes of 20 Pa: class c holds the pressures from 20 c up to
 * below 20 (c + 1). See docs/area-days.md.
 */

import type { PressureLimits } from '../pressure/pressure-band.ts';

export const CLASS_PA = 20;
/** Name of this reader of the feed of changes. */
export const AREA_DAYS_READER = 'area-days';

/** Areas and a period, both days included. */
export interface AreaDaysInput {
  utilityId: number;
  areaIds: readonly number[];
  from: string;
  to: string;
  /** Limits for counting hours outside, instead of each area's own. */
  limits?: PressureLimits | undefined;
}

/** A day, with the areas whose roll-up of it is not valid. */
export interface StaleDay {
  day: string;
  areaIds: number[];
}
