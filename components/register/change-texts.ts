/** Texts of changes of a supply point, in the page's language. */
import type {
  RegisterChangePreviewWire,
  RegisterChangeWire,
} from '../../lib/register/register-change-wire.ts';
import { addDays } from '../../lib/time.ts';
import { fullDayText, fullInstantText } from '../text/date-text.ts';
import { fittingRecord, measuredText } from './fitting-texts.ts';
import type { Reader } from './register-reader.ts';

type Changed = RegisterChangePreviewWire['closings'][number];
type Row = NonNullable<Changed['after']>;

const MONTH_END = 31;

export function closingDayText(day: number, { t }: Reader): string {
  return day >= MONTH_END ? t('fact.closingDayEnd') : t('fact.closingDayValue', { day });
}

function billedText({ usageM3 }: Row, { t }: Reader): string {
  return usageM3 === null ? t('effect.unknown') : t('billed', { m3: usageM3 });
}

/** A row of a closing: usage, quality, and of a final row its day. */
export function rowText(row: Row | null, reader: Reader): string {
  const { t, locale } = reader;
  if (!row) return t('noRow');
  return t('rowText', {
    ...{ usage: billedText(row, reader), quality: t(`quality.${row.quality}`) },
    ...{ final: row.kind === 'final' ? 'yes' : 'no', day: fullDayText(row.closesOn, locale) },
  });
}

/** Sentences on the effect: rows, days without a customer, and the next closing. */
export function effectSentences(preview: RegisterChangePreviewWire, reader: Reader): string[] {
  const { closings, vacant } = preview;
  const rows = closings.map((each) => rowSentence(each, reader));
  return [
    ...(rows.length > 0 ? rows : [reader.t('effect.none')]),
    ...vacant.flatMap((each) => vacantSentence(each, reader)),
    ...doubtsSentence(preview, reader),
    ...nextSentence(preview, reader),
  ];
}

function rowSentence({ closesOn, customerNumber, before, after }: Changed, reader: Reader): string {
  const { t, locale } = reader;
  const closing = fullDayText(closesOn, locale);
  const customer = customerNumber;
  if (!after) return t('effect.gone', { closing, customer });
  const now = billedText(after, reader);
  if (after.kind === 'final' && before?.kind !== 'final') {
    const day = fullDayText(after.closesOn, locale);
    return t('effect.final', { ...{ closing, customer, day }, after: now });
  }
  if (!before) return t('effect.come', { closing, customer, after: now });
  const was = billedText(before, reader);
  return t('effect.changed', { ...{ closing, customer }, before: was, after: now });
}

function vacantSentence(
  { closesOn, after }: RegisterChangePreviewWire['vacant'][number],
  { t, locale }: Reader,
): string[] {
  if (!after || after.usageL === 0) return [];
  const usage =
    after.usageL === null
      ? t('effect.unknown')
      : t('effect.measured', { m3: measuredText(after.usageL) });
  return [t('effect.vacant', { closing: fullDayText(closesOn, locale), days: after.days, usage })];
}

function nextSentence({ next }: RegisterChangePreviewWire, { t, locale }: Reader): string[] {
  const { before, after } = next;
  if (before.closesOn === after.closesOn && before.previousOn === after.previousOn) return [];
  return [
    t('effect.next', {
      ...{
        before: fullDayText(before.closesOn, locale),
        after: fullDayText(after.closesOn, locale),
      },
      ...{ previous: fullDayText(after.previousOn, locale), days: after.days },
    }),
  ];
}

function doubtsSentence({ doubts }: RegisterChangePreviewWire, { t }: Reader): string[] {
  if (!doubts || JSON.stringify(doubts.before) === JSON.stringify(doubts.after)) return [];
  const { before, after } = doubts;
  return [
    t('effect.doubts', {
      ...{ before: before.registers, after: after.registers },
      ...{ stepsBefore: before.steps, stepsAfter: after.steps },
    }),
  ];
}

/** A registered change in words. */
export function recordText(change: RegisterChangeWire, reader: Reader): string {
  const { t, locale } = reader;
  const { kind, before, after } = change;
  const on = fullDayText(change.holdsFrom, locale);
  const customer = after.customerNumber ?? '';
  switch (kind) {
    case 'move-in':
      return t('record.move-in', { customer, from: fullDayText(after.fromOn ?? '', locale) });
    case 'move-out':
      return t('record.move-out', { customer, last: lastDayText(after.toOn, locale) });
    case 'stay-corrected': {
      const span = (of: typeof after | null) =>
        t('span', {
          ...{ from: fullDayText(of?.fromOn ?? '', locale), to: lastDayText(of?.toOn, locale) },
        });
      return t('record.stay-corrected', { customer, was: span(before), now: span(after) });
    }
    case 'closing-day': {
      const day = (of: typeof after | null) => closingDayText(of?.closingDay ?? 0, reader);
      return t('record.closing-day', { on, was: day(before), now: day(after) });
    }
    case 'tariff': {
      const code = (of: typeof after | null) => of?.tariffCode ?? t('fact.noTariff');
      return t('record.tariff', { on, was: code(before), now: code(after) });
    }
    case 'area':
      return t('record.area', { on, was: before?.areaName ?? '', now: after.areaName ?? '' });
    case 'supply-closed':
    case 'supply-opened':
      return t(`record.${kind}`, { on });
    case 'meter-corrected':
    case 'meter-removed':
    case 'meter-fitted':
    case 'terminal-exchanged':
      return fittingRecord({ ...change, kind }, reader);
  }
}

function lastDayText(toOn: string | null | undefined, locale: string): string {
  return toOn ? fullDayText(addDays(toOn, -1), locale) : '';
}

/** What keeps a change from being undone. */
export function restingText(
  { kind, at, named }: RegisterChangeWire['resting'][number],
  { t, locale }: Reader,
): string {
  const when = fullInstantText(at, locale);
  switch (kind) {
    case 'change':
      // The database names kinds of changes here.
      return t('restingText.change', {
        at: when,
        kind: t(`kind.${named as RegisterChangeWire['kind']}`),
      });
    case 'closing-file':
      return t('restingText.closing-file', { at: when, closing: fullDayText(named ?? '', locale) });
    case 'reading':
      return t('restingText.reading', { named: measuredText(Number(named)) });
    case 'move-in':
    case 'supply-end':
    case 'access':
    case 'altered':
    case 'fitting':
    case 'removal':
    case 'terminal':
      return t(`restingText.${kind}`, { at: when, named: named ?? '' });
  }
}
