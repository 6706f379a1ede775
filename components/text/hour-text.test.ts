import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clockText, hourAxisText, hourText, spanText } from './hour-text.ts';

const ja = { locale: 'ja', dayText: (day: string) => `${Number(day.slice(8))}日` };
const en = { locale: 'en', dayText: (day: string) => `Nov ${Number(day.slice(8))}` };
const at = (day: string, hourEnding: number) => ({ day, hourEnding });

test('an hour has its two ends, an instant is a clock time', () => {
  expect(hourText(22, 'ja')).toBe('21時〜22時');
  expect(hourText(24, 'en')).toBe('23:00–24:00');
  expect(hourAxisText(1, 'ja')).toBe('0〜1時');
  expect(hourAxisText(1, 'en')).toBe('0–1');
  expect(clockText(21)).toBe('21:00');
});

describe('the time between two registers', () => {
  const evening = { from: at('2026-11-09', 20), to: at('2026-11-09', 22) };
  const night = { from: at('2026-11-09', 22), to: at('2026-11-10', 2) };

  test('names its day, unless the page is on that day', () => {
    expect(spanText(evening, ja)).toBe('9日20時〜22時');
    expect(spanText(evening, en)).toBe('Nov 9 20:00–22:00');
    expect(spanText(evening, ja, '2026-11-09')).toBe('20時〜22時');
    expect(spanText(evening, ja, '2026-11-10')).toBe('9日20時〜22時');
  });

  test('names both days when it passes midnight, also beside one of them', () => {
    expect(spanText(night, ja, '2026-11-10')).toBe('9日22時〜10日2時');
    expect(spanText(night, en)).toBe('Nov 9 22:00 – Nov 10 2:00');
  });

  test('that begins at the end of a day begins at 0:00 of the next', () => {
    const lost = { from: at('2026-11-08', 24), to: at('2026-11-09', 24) };
    expect(spanText(lost, ja)).toBe('9日0時〜24時');
  });
});

const ROOT = join(import.meta.dirname, '../..');

/** Files of the pages and their texts; without the tests. */
function sources(): string[] {
  return ['app', 'components', 'messages'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|tsx|json)$/.test(name) && !/\.test\.tsx?$/.test(name))
      .map((name) => join(folder, name)),
  );
}

/**
 * A placeholder or expression right before 時 or :00, as in `{hour}時`, `${hourEnding}:00`, `{hour, number}時`; not the
 * seconds of an instant with its offset.
 */
const WRITES_AN_HOUR = /\}(時(?![間刻点系])|:00(?!\+))/;

test('no other file of the pages writes hours', () => {
  const writing = sources().filter((name) =>
    WRITES_AN_HOUR.test(readFileSync(join(ROOT, name), 'utf8')),
  );
  expect(writing).toEqual(['components/text/hour-text.ts']);
});
