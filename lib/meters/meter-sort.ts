/** What a list of meters can be sorted by. */
export const METER_SORTS = [
  'customerNumber',
  'terminalNumber',
  'meterSerial',
  'area',
  'lastSeenAt',
  'batteryMv',
  'signalDbm',
] as const;
export type MeterSort = (typeof METER_SORTS)[number];
