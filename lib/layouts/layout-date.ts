/**
 * Forms of a JST day in a layout: western, or of the Japanese era. Year 1 of an era is 元年 where the form has words, and
 * 01 where it has digits.
 */

export const DATE_FORMS = [
  'slash',
  'iso',
  'compact',
  'kanji',
  'era-kanji',
  'era-dots',
  'era-compact',
] as const;
export type DateForm = (typeof DATE_FORMS)[number];

interface Era {
  name: string;
  letter: string;
  firstOn: string;
}

/** Latest first; an era begins on the day of the accession. */
const ERAS: readonly Era[] = [
  { name: '令和', letter: 'R', firstOn: '2019-05-01' },
  { name: '平成', letter: 'H', firstOn: '1989-01-08' },
  { name: '昭和', letter: 'S', firstOn: '1926-12-25' },
];

/** A day YYYY-MM-DD in a form. @throws RangeError for a day before 1926-12-25 in a form with an era */
export function formatDay(day: string, form: DateForm): string {
  const [year = '', month = '', date = ''] = day.split('-');
  switch (form) {
    case 'slash':
      return `${year}/${month}/${date}`;
    case 'iso':
      return day;
    case 'compact':
      return `${year}${month}${date}`;
    case 'kanji':
      return `${year}年${Number(month)}月${Number(date)}日`;
    case 'era-kanji': {
      const { era, eraYear } = eraOf(day);
      const yearText = eraYear === 1 ? '元' : String(eraYear);
      return `${era.name}${yearText}年${Number(month)}月${Number(date)}日`;
    }
    case 'era-dots': {
      const { era, eraYear } = eraOf(day);
      return `${era.letter}${twoDigits(eraYear)}.${month}.${date}`;
    }
    case 'era-compact': {
      const { era, eraYear } = eraOf(day);
      return `${era.letter}${twoDigits(eraYear)}${month}${date}`;
    }
  }
}

function eraOf(day: string): { era: Era; eraYear: number } {
  const era = ERAS.find(({ firstOn }) => firstOn <= day);
  if (!era) throw new RangeError(`${day} lies before the eras that are known`);
  return { era, eraYear: Number(day.slice(0, 4)) - Number(era.firstOn.slice(0, 4)) + 1 };
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
