import { describe, expect, it } from 'vitest';
import { LOCALES } from './locale.ts';
import { loadMessages } from './messages.ts';

/** Every text with its key path, `common.search.none`. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) =>
    texts(inner, path ? `${path}.${key}` : key),
  );
}

/** Placeholders of a text, `{query}`; quotes and plural forms around them may differ. */
function blanks(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name!))].sort();
}

async function bothLanguages(): Promise<[string, string][][]> {
  return Promise.all(LOCALES.map(async (locale) => texts(await loadMessages(locale))));
}

describe('the texts of the pages', () => {
  it('are there in both languages', async () => {
    const [ja, en] = await bothLanguages();
    expect(en!.map(([path]) => path).sort()).toEqual(ja!.map(([path]) => path).sort());
  });

  it('fill in the same names in both languages', async () => {
    const [ja, en] = await bothLanguages();
    const english = new Map(en);
    const differing = ja!.filter(
      ([path, text]) => blanks(text).join() !== blanks(english.get(path) ?? '').join(),
    );
    expect(differing).toEqual([]);
  });
});
