/**
 * Roll-up of a JST day of an area. The distribution has classes of 20 Pa: class c holds the pressures from 20 c up to below
 * 20 (c + 1). See docs/area-days.md.
 */

import type { PressureLimits } from '../pressure/pressure-band.ts';

export const CLASS_PA = 20;
/** The reader of the feed of changes. */
export const AREA_DAYS_READER = 'area-days';

/** Areas and a period, both days included. */
export interface AreaDaysInput {
  utilityId: number;
  areaIds: readonly number[];
  from: string;
  to: string;
  /** Where hours outside are to be counted by these limits, and not by each area's own. */
  limits?: PressureLimits | undefined;
}

/** A day and those of the areas whose roll-up of it does not hold. */
export interface StaleDay {
  day: string;
  areaIds: number[];
}
