/** What the meters of an area can be sorted by; `outside`: hours outside the limits or with a fault of the sensor. */
export const METER_PRESSURE_SORTS = ['outside', 'lowPa', 'averagePa', 'highPa'] as const;
export type MeterPressureSort = (typeof METER_PRESSURE_SORTS)[number];
