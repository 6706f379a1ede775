import type { LayoutProblem } from './layout-cell.ts';

/** A problem in words, for answers of the API and standard error; pages have words of their own. */
export function problemText(problem: LayoutProblem): string {
  switch (problem.reason) {
    case 'digits':
      return `it has more than ${problem.most} digits`;
    case 'decimals':
      return `it was billed with more than ${problem.most} decimals`;
    case 'width':
      return `it needs ${problem.needed} bytes, the column has ${problem.most}`;
    case 'code':
      return `the layout has no code for "${problem.of}"`;
    case 'correction':
      return 'the layout has no column for the correction that is billed with the row: add correction, or remarks in words';
    case 'same':
      return `with its zeros it is written "${problem.written}", as "${problem.other}" is too`;
    case 'separator':
      return 'it contains the separator or a quote, and the layout quotes nothing';
    case 'characters':
      return `the encoding has no "${problem.characters.join('')}"`;
  }
}
