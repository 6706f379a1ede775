/** Texts of changes of meters and terminals, in the page's language. */
import type {
  RegisterChangePreviewWire,
  RegisterChangeWire,
} from '../../lib/register/register-change-wire.ts';
import { fullDayText, fullInstantText } from '../text/date-text.ts';
import type { FittingKind } from './fitting-values.ts';
import type { Reader } from './register-reader.ts';

const LITRES_PER_M3 = 1_000;

/** Litres as m³ with three decimals, with separators. */
export function measuredText(litres: number): string {
  return (litres / LITRES_PER_M3).toLocaleString('en', {
    ...{ minimumFractionDigits: 3, maximumFractionDigits: 3 },
  });
}

type Facts = RegisterChangeWire['after'];

/** A registered change of a meter or terminal in words. */
export function fittingRecord(
  { kind, before, after }: Pick<RegisterChangeWire, 'before' | 'after'> & { kind: FittingKind },
  { t, locale }: Reader,
): string {
  const serial = after.serial ?? '';
  const instant = after.removedAt ?? after.fittedAt ?? after.exchangedAt;
  // A correction of size and dial holds for all days, and has no instant.
  const at = instant ? fullInstantText(instant, locale) : '';
  const index = (litres: number | null | undefined) =>
    typeof litres === 'number' ? t('billed', { m3: measuredText(litres) }) : t('notNoted');
  switch (kind) {
    case 'meter-corrected': {
      const facts = ({ sizeM3PerHour = 0, dialL = 0 }: Facts) =>
        t('facts', { size: sizeM3PerHour, m3: dialL / LITRES_PER_M3 });
      return t('record.meter-corrected', { serial, was: facts(before ?? {}), now: facts(after) });
    }
    case 'meter-removed':
      return t('record.meter-removed', { serial, at, index: index(after.finalIndexL) });
    case 'meter-fitted':
      return t('record.meter-fitted', { serial, at, index: index(after.startIndexL) });
    case 'terminal-exchanged':
      return t('record.terminal-exchanged', {
        ...{ was: before?.terminalNumber ?? t('noTerminalBefore'), at },
        now: after.terminalNumber ?? '',
      });
  }
}

type Warning = RegisterChangePreviewWire['warnings'][number];

export function warningText({ code, indexL, at, day, count }: Warning, { t, locale }: Reader) {
  return t(`warning.${code}`, {
    ...{ index: measuredText(indexL ?? 0), count: count ?? 0 },
    at: at ? fullInstantText(at, locale) : '',
    day: day ? fullDayText(day, locale) : '',
  });
}
