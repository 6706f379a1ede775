/** Sort orders of an area's meters; `outside`: hours outside the limits or with a sensor fault. */
export const METER_PRESSURE_SORTS = ['outside', 'lowPa', 'averagePa', 'highPa'] as const;
export type MeterPressureSort = (typeof METER_PRESSURE_SORTS)[number];
