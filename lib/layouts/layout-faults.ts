/** Faults of a layout itself, field by field. Pure. */
import type { FieldFault } from '../errors.ts';
import { fieldFaults } from '../field-faults.ts';
import {
  BILLED_FIELDS,
  DIGIT_FIELDS,
  LayoutBody,
  type LayoutColumn,
  VOLUME_FIELDS,
} from './layout.ts';
import { LayoutLines, type TextMeasure } from './layout-lines.ts';
import { problemText } from './layout-problem.ts';

/**
 * What is wrong with a layout, by the names of its fields (`columns.3.width`); empty when files can be written with it.
 * @param given a body as a client sends it
 */
export function layoutFaults(given: unknown, measure: TextMeasure): FieldFault[] {
  const read = LayoutBody.safeParse(given);
  if (!read.success) return fieldFaults(read.error, 'body');
  const faults = [...formFaults(read.data), ...columnFaults(read.data)];
  return faults.length > 0 ? faults : headFaults(read.data, measure);
}

function formFaults({ form, protection, quoting }: LayoutBody): FieldFault[] {
  if (protection !== 'formula' || form === 'fixed' || quoting !== 'none') return [];
  return [{ field: 'quoting', message: 'text formulas contain quotes, which have to be quoted' }];
}

function columnFaults({ form, columns }: LayoutBody): FieldFault[] {
  return columns.flatMap((column, at) =>
    [...widthFaults(form, column), ...valueFaults(column)].map(({ field, message }) => ({
      field: `columns.${at}.${field}`,
      message,
    })),
  );
}

function widthFaults(form: LayoutBody['form'], { width, fill }: LayoutColumn): FieldFault[] {
  if (form === 'fixed') {
    if (width !== undefined) return [];
    return [{ field: 'width', message: 'a fixed column needs its width' }];
  }
  const message = 'only columns of fixed width have it';
  return [
    ...(width === undefined ? [] : [{ field: 'width', message }]),
    ...(fill === undefined ? [] : [{ field: 'fill', message }]),
  ];
}

function valueFaults({ field, unit, decimals, digits, text }: LayoutColumn): FieldFault[] {
  const isVolume = VOLUME_FIELDS.includes(field);
  const hasDecimals = unit !== 'L' && (isVolume || BILLED_FIELDS.includes(field));
  const given: [string, unknown, boolean, string][] = [
    ['unit', unit, isVolume, 'only a register or a usage has a unit'],
    ['decimals', decimals, hasDecimals, 'only a volume in m3 has decimals'],
    ['digits', digits, DIGIT_FIELDS.includes(field), 'only a number has digits'],
    ['text', text, field === 'fixedText', 'only fixedText has a text'],
  ];
  return given.flatMap(([name, value, isAllowed, message]) =>
    value === undefined || isAllowed ? [] : [{ field: name, message }],
  );
}

/** Headers and fixed texts are the same in each file: they have to fit before any is written. */
function headFaults(body: LayoutBody, measure: TextMeasure): FieldFault[] {
  return body.columns.flatMap((column, at) => {
    const own = { ...body, columns: [column], header: true };
    const head = new LayoutLines(own, measure).head()?.faults ?? [];
    const faults = (body.header ? head : []).map(({ problem }) => ({
      field: `columns.${at}.header`,
      message: problemText(problem),
    }));
    if (column.text === undefined) return faults;
    const text = { ...column, header: column.text };
    const fixed = new LayoutLines({ ...own, columns: [text] }, measure).head()?.faults ?? [];
    return [
      ...faults,
      ...fixed.map(({ problem }) => ({
        field: `columns.${at}.text`,
        message: problemText(problem),
      })),
    ];
  });
}
