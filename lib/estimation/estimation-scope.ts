/** How a utility estimates. Pure. */

/**
 * What is billed of a period whose closing has no reading. `none`: nothing, the row is to be checked; `last-usage`: the
 * usage of the last period (V1); `last-usage-by-days`: the same in proportion to the days.
 */
export const MISSED_READING_RULES = ['none', 'last-usage', 'last-usage-by-days'] as const;
export type MissedReadingRule = (typeof MISSED_READING_RULES)[number];

export interface EstimationSetting {
  missedReading: MissedReadingRule;
  /**
   * A missing closing hour is interpolated between two registers at most so many hours apart; null: never.
   */
  interpolateMaxHours: number | null;
}

/** Until a utility chooses: nothing is estimated. */
export const NO_ESTIMATION: EstimationSetting = {
  missedReading: 'none',
  interpolateMaxHours: null,
};

/** What the query of all closings has to look up for estimates; what a utility does not use costs nothing. */
export interface EstimationScope extends EstimationSetting {
  /** False: there is no decision on a usage in the utility. */
  hasDecisions: boolean;
  /** False: no supply point of the utility has a volume factor. */
  hasFactors: boolean;
}
