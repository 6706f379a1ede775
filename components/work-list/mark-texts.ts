/** What a soft rule saw, in words. Pure. */
import type { ReadingMarkWire } from '../../lib/validation/mark-wire.ts';
import { type CheckReader, hourOfText, registerFigure } from './work-texts.ts';

type Seen = Pick<ReadingMarkWire, 'rule' | 'fromOn' | 'facts'>;

export function markText({ rule, fromOn, facts }: Seen, reader: CheckReader): string {
  const { t } = reader;
  const m3 = (litres: number | null) => registerFigure(litres ?? 0);
  switch (rule) {
    case 'stuck-register':
      return t('marks.text.stuck-register', {
        ...{ days: facts.days ?? 0, longest: facts.longestDays ?? 0, daily: m3(facts.dailyL) },
      });
    case 'unlike-season':
      return t('marks.text.unlike-season', {
        ...{ usage: m3(facts.usageL), least: m3(facts.leastL), most: m3(facts.mostL) },
        weeks: facts.weeks ?? 0,
      });
    case 'clock-doubt':
      return t('marks.text.clock-doubt', { offset: offsetText(facts.offsetS ?? 0, reader) });
    case 'received-later':
      return t('marks.text.received-later', {
        at: hourOfText({ day: fromOn, hourEnding: facts.hourEnding ?? 24 }, reader),
        ...{ entered: m3(facts.enteredL), received: m3(facts.receivedL) },
      });
  }
}

const LONG_MINUTES = 180;

function offsetText(offsetS: number, { t }: CheckReader): string {
  const minutes = Math.round(Math.abs(offsetS) / 60);
  const hours = Math.round(minutes / 60);
  if (minutes < LONG_MINUTES) return t(offsetS > 0 ? 'marks.ahead' : 'marks.behind', { minutes });
  return t(offsetS > 0 ? 'marks.aheadHours' : 'marks.behindHours', { hours });
}
