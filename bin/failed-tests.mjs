/** Failed tests, read from the reports of Vitest and Playwright, for the end of a long run. */
import { stripVTControlCharacters } from 'node:util';

const MESSAGE_LINES = 12;

/** First lines of a message, without colours and without stack lines of libraries. */
function beginningOf(message) {
  const lines = stripVTControlCharacters(message ?? '').split('\n');
  return lines.filter((line) => !line.includes('node_modules')).slice(0, MESSAGE_LINES);
}

/**
 * @param report output of `vitest run --reporter=json`.
 * @returns file, title and lines of the message of each failed test, and of each file that could not be run.
 */
export function failedInVitest({ testResults }) {
  return testResults.flatMap(({ name: file, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0 && status === 'failed') {
      return [{ file, title: 'the file itself', lines: beginningOf(message) }];
    }
    return failed.map(({ fullName, failureMessages }) => ({
      file,
      title: fullName,
      lines: beginningOf(failureMessages[0]),
    }));
  });
}

/**
 * @param report output of Playwright's reporter `json`.
 * @returns file, title and lines of the message of each test that failed at both tries, or at the first only (`again`).
 */
export function failedInPlaywright({ suites }) {
  const specsOf = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
  return suites.flatMap(specsOf).flatMap(({ file, title, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ status, results }) => ({
        file,
        title,
        again: status === 'flaky',
        lines: beginningOf(results.flatMap(({ errors }) => errors)[0]?.message),
      })),
  );
}
