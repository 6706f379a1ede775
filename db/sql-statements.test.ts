import { describe, expect, it } from 'vitest';
import { splitStatements } from './sql-statements.ts';

describe('splitStatements', () => {
  it('cuts at semicolons and counts lines from the first word', () => {
    expect(splitStatements('-- head\n\nselect 1;\nselect\n  2;\n')).toEqual([
      { text: 'select 1', line: 3 },
      { text: 'select\n  2', line: 4 },
    ]);
  });

  it.each([
    ['a string', "select 'a;b'"],
    ['a doubled quote', "select 'it''s;'"],
    ['an escape string', "select E'\\';'"],
    ['a quoted name', 'select 1 as "a;""b"'],
    ['a dollar quote', 'do $$ begin perform 1; end $$'],
    ['a tagged dollar quote', 'do $a$ select $$;$$; $a$'],
    ['a line comment', 'select 1 -- one; two\n + 1'],
    ['a block comment', 'select /* ; */ 1'],
  ])('does not cut inside %s', (_name, text) => {
    expect(splitStatements(`${text};`)).toEqual([{ text, line: 1 }]);
  });

  it('takes a last statement without a semicolon and no empty ones', () => {
    expect(splitStatements(';; select 1; ;\nselect 2 -- end')).toEqual([
      { text: 'select 1', line: 1 },
      { text: 'select 2 -- end', line: 2 },
    ]);
  });

  it('is empty for a script of comments alone', () => {
    expect(splitStatements('-- nothing here;\n/* nor here; */')).toEqual([]);
  });
});
