/** A flood of sign-ins against the real hashing and counting: asserts which users get in, not how soon. */
import { expect, it } from 'vitest';
import {
  answerTo,
  beforeEachTest,
  newBrowser,
  PASSWORD,
  type SignInUtility,
} from './testing-sign-in.ts';

const CONNECTIONS = 40;
const RIGHT_SIGN_INS = 5;
/** Pause between an answer and the next try of a connection, so that attackers do not only keep this process busy. */
const ROUND_TRIP_MS = 10;

let utility: SignInUtility;
beforeEachTest(async (given) => {
  utility = given.utility;
  await utility.addAccount();
});

/** Runs `during` while connections try random logins of the utility again and again. */
async function flooded<T>(address: () => string, during: () => Promise<T>): Promise<T> {
  let isOver = false;
  const connection = async (_: unknown, each: number): Promise<void> => {
    for (let time = 0; !isOver; time += 1) {
      await answerTo(utility.signIn('wrong', `random-${each}-${time}`, newBrowser(address())));
      await new Promise((resolve) => setTimeout(resolve, ROUND_TRIP_MS));
    }
  };
  const connections = Array.from({ length: CONNECTIONS }, connection);
  try {
    return await during();
  } finally {
    isOver = true;
    await Promise.all(connections);
  }
}

async function signInAgainAndAgain(browser: () => ReturnType<typeof newBrowser>) {
  const answers: string[] = [];
  for (let time = 0; time < RIGHT_SIGN_INS; time += 1)
    answers.push(await answerTo(utility.signIn(PASSWORD, 'kenshin', browser())));
  return answers;
}

const ALL_IN = Array.from({ length: RIGHT_SIGN_INS }, () => 'in');

it('40 connections of one address lock out no other address', async () => {
  const answers = await flooded(
    () => '198.51.100.1',
    () => signInAgainAndAgain(() => newBrowser('203.0.113.1')),
  );
  expect(answers).toEqual(ALL_IN);
});

it('40 connections of ever new addresses lock out no browser that has signed in before', async () => {
  const known = newBrowser('203.0.113.1');
  await utility.signIn(PASSWORD, 'kenshin', known);
  let address = 0;
  const answers = await flooded(
    () => {
      address += 1;
      return `198.51.100.${address}`;
    },
    () => signInAgainAndAgain(() => known),
  );
  expect(answers).toEqual(ALL_IN);
});
