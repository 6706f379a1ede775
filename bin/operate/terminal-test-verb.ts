import { getTerminal } from '../../lib/terminals/terminal-queries.ts';
import type { TerminalTest } from '../../lib/terminals/terminal-test.ts';
import { requestTerminalTest } from '../../lib/terminals/terminal-test-commands.ts';
import { getTerminalTest } from '../../lib/terminals/terminal-test-queries.ts';
import { followTest } from '../follow-test.ts';
import { ArgumentFault } from '../run-command.ts';
import { optional, text, whole } from './option.ts';
import { minuteOfDay } from './outcome-text.ts';
import { type Outcome, type Scene, utilityVerb } from './verb.ts';

const WAIT_S = 30;
const MAX_WAIT_S = 86_400;
const MAX_ID = 2_147_483_647;

export const testTerminal = utilityVerb({
  summary: 'has a terminal answer a test, and says each step when it is proven',
  explanation: `The steps: requested, sent, acknowledged (the terminal has the test), answered (it heard the cloud, holds its key, and was
heard). Sent at once where the terminal is connected, else at its next contact, for 48 hours. A terminal in service sleeps and
makes contact once a day, in its report window, or when its test button is pressed; one that "npm run -s simulate" plays also
when that is started and days are due. Ends when the test is answered or expired, or the time of --wait is over; exit code 0
only when it is answered.`,
  options: {
    number: optional('DIGITS', '無線機ID of the terminal to test', text),
    test: optional('ID', 'follow a test that was asked for before, instead', whole(1, MAX_ID)),
    wait: optional('SECONDS', `how long to follow it (${WAIT_S})`, whole(0, MAX_WAIT_S)),
  },
  examples: ['--utility minato --number 77000000000001', '--utility minato --test 17 --wait 0'],
  async run(scene, { number, test: testId, wait: waitS = WAIT_S }) {
    const test = await testOf(scene, { number, testId });
    const said =
      testId === undefined
        ? `test of terminal ${test.terminalNumber} requested`
        : `test ${testId} of terminal ${test.terminalNumber} looked at`;
    const { reportMinute, reportWindowMinutes: minutes } = await getTerminal(
      scene.tx,
      scene.actor,
      test.terminalNumber,
    );
    const nextContact = `Its report window opens at ${minuteOfDay(reportMinute)}, for ${minutes} minutes.`;
    const data = dataOf(test);
    return { said, data, follow: following(scene, { testId: test.testId, nextContact, waitS }) };
  },
});

function testOf(
  { tx, actor, now }: Scene,
  { number, testId }: { number: string | undefined; testId: number | undefined },
): Promise<TerminalTest> {
  if (number !== undefined && testId === undefined)
    return requestTerminalTest(tx, actor, { number, now });
  if (number === undefined && testId !== undefined) return getTerminalTest(tx, actor, testId);
  throw new ArgumentFault(
    'name either the terminal to test, --number DIGITS, or a test asked for before, --test ID',
  );
}

function following(
  { actor }: Scene,
  { testId, nextContact, waitS }: { testId: number; nextContact: string; waitS: number },
): NonNullable<Outcome['follow']> {
  return async ({ read, ...watch }) => {
    if (waitS > 0) {
      watch.say(
        `Test ${testId} is followed for ${waitS} s; Ctrl-C ends the following, not the test.`,
      );
    }
    const { test, state, proven } = await followTest({
      ...watch,
      read: () => read((db) => getTerminalTest(db, actor, testId)),
      waitMs: waitS * 1000,
    });
    const data = { ...dataOf(test), state };
    const isWaiting = state === 'requested' || state === 'sent';
    const said = isWaiting ? `${proven}\n${nextContact}` : proven;
    return { said, data, isUnproven: state !== 'answered' };
  };
}

/** The test without its nonce, which is secret: only a terminal that decrypted it knows it. */
function dataOf({ nonce: _nonce, ...test }: TerminalTest): Record<string, unknown> {
  return test;
}
