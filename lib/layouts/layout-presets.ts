/** The built-in layouts as bodies, from which a utility starts its own. They write the very bytes of the built-in ones. */
import type { ClosingLayout } from '../closing/closing-file.ts';
import type { LayoutBody, LayoutColumn } from './layout.ts';

const OFFICE_COLUMNS: readonly LayoutColumn[] = [
  { field: 'customerNumber', header: 'お客様番号' },
  { field: 'supplyPointNumber', header: '設置場所番号' },
  { field: 'areaName', header: '地区' },
  { field: 'terminalNumber', header: '無線機ID' },
  { field: 'meterSerial', header: 'メーター番号' },
  { field: 'closesOn', header: '締め日' },
  { field: 'readDay', header: '検針日' },
  { field: 'readClock', header: '検針時刻' },
  { field: 'lagHours', header: '遅れ(時間)' },
  { field: 'previousIndex', header: '前回指針値(m3)', decimals: 3 },
  { field: 'index', header: '指針値(m3)', decimals: 3 },
  { field: 'usage', header: '使用量(L)', unit: 'L' },
  { field: 'billedUsage', header: '使用量(m3)' },
  { field: 'quality', header: '区分' },
  { field: 'remarks', header: '備考' },
];

const MACHINE_COLUMNS: readonly LayoutColumn[] = [
  { field: 'customerNumber', header: 'customer_number' },
  { field: 'terminalNumber', header: 'terminal_number' },
  { field: 'meterSerial', header: 'meter_serial' },
  { field: 'closesOn', header: 'closing_on' },
  { field: 'index', header: 'index_l', unit: 'L' },
  { field: 'readAt', header: 'read_at' },
  { field: 'lagHours', header: 'lag_hours' },
  { field: 'previousIndex', header: 'previous_index_l', unit: 'L' },
  { field: 'usage', header: 'usage_l', unit: 'L' },
  { field: 'billedUsage', header: 'usage_m3' },
  { field: 'quality', header: 'quality' },
  { field: 'kind', header: 'kind' },
  { field: 'remarks', header: 'remarks' },
  { field: 'previousDifference', header: 'previous_difference_l', unit: 'L' },
  { field: 'basis', header: 'basis' },
  { field: 'previousQuality', header: 'previous_quality' },
  { field: 'unconvertedUsage', header: 'register_m3' },
  { field: 'volumeFactor', header: 'volume_factor' },
  { field: 'correction', header: 'correction_l', unit: 'L' },
];

const OFFICE: Omit<LayoutBody, 'encoding' | 'protection'> = {
  ...{ lineEnd: 'crlf', form: 'comma', quoting: 'needed', header: true },
  ...{ dates: 'slash', clock: 'colon', negative: 'minus' },
  ...{ quality: 'words', qualityCodes: {}, kind: 'words', kindCodes: {} },
  ...{ basis: 'words', basisCodes: {}, remarks: 'words', remarkCodes: {} },
  columns: [...OFFICE_COLUMNS],
};

/** Bodies by the name of the built-in layout. */
export const LAYOUT_PRESETS: Readonly<Record<ClosingLayout, LayoutBody>> = {
  'excel-cp932': { ...OFFICE, encoding: 'cp932', protection: 'formula' },
  'excel-utf8': { ...OFFICE, encoding: 'utf8-bom', protection: 'formula' },
  'import-cp932': { ...OFFICE, encoding: 'cp932', protection: 'apostrophe' },
  'import-utf8': { ...OFFICE, encoding: 'utf8-bom', protection: 'apostrophe' },
  machine: {
    ...OFFICE,
    ...{ encoding: 'utf8', lineEnd: 'lf', protection: 'none', dates: 'iso' },
    ...{ quality: 'keys', basis: 'keys', kind: 'keys', remarks: 'keys' },
    columns: [...MACHINE_COLUMNS],
  },
};
