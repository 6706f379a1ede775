/** The tests that failed, read from the reports of Vitest and Playwright, so that the end of a long run names them. */
import { stripVTControlCharacters } from 'node:util';

const MESSAGE_LINES = 12;

/** The first lines of a message, without colours and without the lines of a stack that lie in libraries. */
function beginningOf(message) {
  const lines = stripVTControlCharacters(message ?? '').split('\n');
  return lines.filter((line) => !line.includes('node_modules')).slice(0, MESSAGE_LINES);
}

/**
 * @param report what `vitest run --reporter=json` wrote.
 * @returns for each failed test, and each file that could not be run, its file, its title and the lines of its message.
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
 * @param report what Playwright's reporter `json` wrote.
 * @returns for each test that failed at both tries, or at the first only (`again`), its file, its title and the lines of its message.
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
