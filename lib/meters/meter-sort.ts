/** Sort orders of a list of meters. */
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
