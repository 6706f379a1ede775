/** A chart's values as a table: for screen readers and the CSV file. */
import { csvField } from '../../lib/office-file/csv-field.ts';
import type {
  BandChartModel,
  BarChartModel,
  Slot,
  SlotTime,
  StackChartModel,
} from './chart-model.ts';

export interface ChartTable {
  /** The first column is the time. */
  header: string[];
  rows: ChartTableRow[];
  /** True when the rows are instants (the hour ending is a clock time), else they are hours or days. */
  instants?: boolean;
}

export interface ChartTableRow {
  key: string;
  at: SlotTime;
  cells: string[];
}

/** Headings that all chart tables share: of the time column and of the remark column. */
export interface TableWords {
  time: string;
  remark: string;
}

export function barTable(model: BarChartModel, words: TableWords): ChartTable {
  const ghost = model.ghostName === undefined ? [] : [withUnit(model.ghostName, model.unit)];
  return {
    header: [words.time, withUnit(model.valueName, model.unit), ...ghost, words.remark],
    rows: model.slots.map((slot) => ({
      key: slot.key,
      at: slot.at,
      cells: [
        slot.title,
        figure(slot.value, model.decimals),
        ...ghost.map(() => figure(slot.ghost ?? null, model.decimals)),
        remark(slot),
      ],
    })),
  };
}

export function bandTable(model: BandChartModel, words: TableWords): ChartTable {
  const names = model.bandNames
    ? [model.bandNames.low, model.averageName, model.bandNames.high]
    : [model.averageName];
  return {
    instants: true,
    header: [words.time, ...names.map((name) => withUnit(name, model.unit)), words.remark],
    rows: model.slots.map((slot) => ({
      key: slot.key,
      at: slot.at,
      cells: [
        slot.title,
        ...(model.bandNames ? [slot.low, slot.average, slot.high] : [slot.average]).map((value) =>
          figure(value, model.decimals),
        ),
        remark(slot),
      ],
    })),
  };
}

export function stackTable(model: StackChartModel, words: TableWords): ChartTable {
  return {
    header: [
      words.time,
      ...model.parts.map((part) => withUnit(part.name, model.unit)),
      words.remark,
    ],
    rows: model.slots.map((slot) => ({
      key: slot.key,
      at: slot.at,
      cells: [
        slot.title,
        ...model.parts.map((part) => figure(slot.values[part.key] ?? null, model.decimals)),
        remark(slot),
      ],
    })),
  };
}

/** Headings of the first two columns of a CSV file: the day, and the end of an hour or the clock time of an instant. */
export interface CsvWords {
  date: string;
  hour: string;
  instant: string;
}

/**
 * The table as CSV text: RFC 4180 with CRLF, and a byte-order mark so that office programs read it as UTF-8. The
 * table's columns are preceded by the date as 2026/11/24 and, where the rows are hours, the hour ending (1…24), in
 * forms that a spreadsheet sorts and reads in every language.
 */
export function tableCsv(table: ChartTable, words: CsvWords): string {
  const hourly = table.rows.some(({ at }) => at.hourEnding !== null);
  const hour = table.instants ? words.instant : words.hour;
  const header = [words.date, ...(hourly ? [hour] : []), ...table.header];
  const lines = [header, ...table.rows.map((row) => [...timeCells(row.at, hourly), ...row.cells])];
  return `\uFEFF${lines.map((cells) => `${cells.map(csvField).join(',')}\r\n`).join('')}`;
}

function timeCells({ day, hourEnding }: SlotTime, hourly: boolean): string[] {
  const date = day.replaceAll('-', '/');
  return hourly ? [date, hourEnding === null ? '' : String(hourEnding)] : [date];
}

function withUnit(name: string, unit: string): string {
  return unit === '' ? name : `${name} (${unit})`;
}

function figure(value: number | null, decimals: number): string {
  return value === null ? '' : value.toFixed(decimals);
}

function remark(slot: Slot): string {
  return [slot.gap, slot.note].filter(Boolean).join(' / ');
}
