import { describe, expect, it } from 'vitest';
import { failedInPlaywright, failedInVitest } from './failed-tests.mjs';

describe('failed tests of a report', () => {
  it('are those of Vitest with their messages, without colours and library stacks', () => {
    const report = {
      testResults: [
        {
          name: '/checkout/lib/a.test.ts',
          status: 'failed',
          message: '',
          assertionResults: [
            { fullName: 'sum of nothing', status: 'passed', failureMessages: [] },
            {
              fullName: 'sum of two',
              status: 'failed',
              failureMessages: [
                'AssertionError: expected \u001b[31m3\u001b[39m\n    at lib/a.test.ts:2:45\n    at node_modules/x.js:1:1',
              ],
            },
          ],
        },
      ],
    };
    expect(failedInVitest(report)).toEqual([
      {
        file: '/checkout/lib/a.test.ts',
        title: 'sum of two',
        lines: ['AssertionError: expected 3', '    at lib/a.test.ts:2:45'],
      },
    ]);
  });

  it('include a file of Vitest that could not be loaded', () => {
    const file = { name: 'b.test.ts', status: 'failed', message: 'no such module' };
    expect(failedInVitest({ testResults: [{ ...file, assertionResults: [] }] })).toEqual([
      { file: 'b.test.ts', title: 'the file itself', lines: ['no such module'] },
    ]);
  });

  it('are those of Playwright, also those that passed at the second try', () => {
    const spec = (title: string, status: string, errors: { message: string }[]) => ({
      file: 'a.spec.ts',
      title,
      tests: [{ status, results: [{ errors }, { errors: [] }] }],
    });
    const specs = [
      spec('opens', 'expected', []),
      spec('closes', 'unexpected', [{ message: 'no button' }]),
      spec('waits', 'flaky', [{ message: 'too late' }]),
    ];
    expect(failedInPlaywright({ suites: [{ suites: [{ specs }] }] })).toEqual([
      { file: 'a.spec.ts', title: 'closes', again: false, lines: ['no button'] },
      { file: 'a.spec.ts', title: 'waits', again: true, lines: ['too late'] },
    ]);
  });
});
