import { describe, expect, it } from 'vitest';
import { longFunctions } from './function-length.mjs';

/** A function body of so many lines. */
const body = (lines: number) => ['{', ...Array(lines - 2).fill('  // a line'), '}'].join('\n');

describe('a function of more than 60 lines', () => {
  it.each([
    ['a function', 'function f() '],
    ['an arrow', 'const f = () => '],
    ['a function as a value', 'const f = function () '],
    ['an asynchronous one', 'export async function f() '],
  ])('is found: %s', (_, head) => {
    expect(longFunctions(`// 検針\n${head}${body(61)}`, 'x.ts')).toEqual([{ line: 2, lines: 61 }]);
    expect(longFunctions(`${head}${body(60)}`, 'x.ts')).toEqual([]);
  });

  it.each([
    ['a method', `class A {\nf() ${body(61)}\n}`],
    ['a private method', `class A {\n#f() ${body(61)}\n}`],
    ['a constructor', `class A {\nconstructor() ${body(61)}\n}`],
    ['a method of an object', `const a = {\nf() ${body(61)}\n};`],
    ['a getter', `const a = {\nget f() ${body(61)}\n};`],
  ])('is found: %s', (_, text) => {
    expect(longFunctions(text, 'x.ts')).toEqual([{ line: 2, lines: 61 }]);
  });

  it('is found where it is a component, its markup counted', () => {
    const markup = Array(58).fill('    <p />').join('\n');
    const component = `export function A() {\n  return (<>\n${markup}\n  </>);\n}`;
    expect(longFunctions(component, 'x.tsx')).toEqual([{ line: 1, lines: 62 }]);
  });
});
