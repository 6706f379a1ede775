// Published figures used for the demand of simulated households.

/**
 * Gas of hot water and cooking, m³ (45 MJ) a month, January to December, for 1, 2, 3 and 4 persons in
 * climate region 6 (Tokyo and most of the plains). Computed with pyhees, the reference implementation of
 * the Japanese energy-saving standard for homes (BRI-EES-House/pyhees).
 */
export const CITY_MONTHLY_M3: readonly (readonly number[])[] = [
  [27.24, 24.3, 26.22, 20.77, 18.28, 15.72, 14.7, 13.08, 14.59, 18.21, 21.78, 24.59],
  [41.46, 37.01, 39.88, 31.42, 27.51, 23.46, 21.74, 19.37, 21.77, 27.48, 33.05, 37.51],
  [60.88, 54.46, 58.11, 46.14, 40.56, 34.21, 30.97, 27.9, 31.67, 40.27, 48.22, 55.35],
  [68.88, 61.65, 65.7, 52.28, 46.05, 38.86, 35.21, 31.9, 36.0, 45.71, 54.55, 62.72],
];

/** Days of the months of a common year, to convert the table above to m³ a day. */
export const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/**
 * Share of a day's hot water in each hour, in thousandths, for 1 to 4 persons; the mean over the year of
 * the same model. The evening bath stands out.
 */
export const HOT_WATER_SHAPE: readonly (readonly number[])[] = [
  [0, 0, 0, 0, 0, 0, 22, 16, 79, 11, 0, 29, 22, 0, 0, 0, 4, 0, 26, 222, 282, 285, 2, 0],
  [0, 0, 0, 0, 0, 0, 23, 15, 52, 7, 0, 22, 40, 0, 0, 0, 2, 0, 28, 87, 426, 133, 166, 0],
  [0, 0, 0, 0, 0, 0, 20, 15, 15, 8, 2, 0, 26, 1, 0, 0, 3, 20, 48, 369, 232, 139, 101, 0],
  [0, 0, 0, 0, 0, 0, 19, 13, 10, 7, 2, 0, 23, 1, 0, 0, 3, 19, 45, 331, 205, 132, 183, 8],
];

/** Share of a day's cooking in each hour, in thousandths; one person, and a family of four. */
export const COOKING_SHAPE: readonly (readonly number[])[] = [
  [0, 0, 0, 0, 0, 0, 0, 121, 55, 0, 0, 0, 41, 0, 0, 0, 0, 0, 0, 196, 587, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 147, 0, 47, 0, 0, 140, 0, 0, 0, 0, 0, 0, 167, 499, 0, 0, 0, 0],
];

/**
 * LP gas per household, m³ a month: April to September, and October to March (Oil Information Center,
 * survey of propane consumption: national mean 9.1).
 */
export const LP_SUMMER_M3 = 8.0;
export const LP_WINTER_M3 = 10.3;

/** Monthly mean outdoor temperature of the standard year of climate region 6, °C. */
export const MONTHLY_MEAN_C = [
  4.8, 4.6, 7.8, 14.6, 18.4, 23.1, 27.2, 27.6, 23.6, 17.3, 12.0, 6.7,
] as const;

/** Share of a day's room heating in each hour, in thousandths: before work and in the evening. */
export const HEATING_SHAPE: readonly number[] = [
  5, 0, 0, 0, 0, 15, 90, 95, 50, 25, 20, 20, 20, 15, 15, 20, 35, 75, 105, 110, 105, 95, 60, 25,
];
