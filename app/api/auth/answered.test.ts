import { expect, test } from 'vitest';
import { isAnswered } from './answered.ts';

const FORM = 'application/x-www-form-urlencoded';

test.each([
  ['GET', 'csrf'],
  ['GET', 'session'],
  ['POST', 'callback/staff'],
  ['POST', 'callback/consumer'],
])('%s %s is answered', (method, path) => {
  expect(isAnswered(method, path.split('/'), FORM)).toBe(true);
});

test.each([
  ['POST', '_log', FORM],
  ['GET', '_log', FORM],
  ['GET', 'signin', FORM],
  ['POST', 'signin/staff', FORM],
  ['GET', 'signout', FORM],
  ['POST', 'signout', FORM],
  ['GET', 'error', FORM],
  ['GET', 'verify-request', FORM],
  ['GET', 'providers', FORM],
  ['POST', 'session', FORM],
  ['GET', 'callback/staff', FORM],
  ['HEAD', 'csrf', FORM],
  ['POST', 'callback/staff', 'application/json'],
  ['POST', 'callback/staff', null],
  ['POST', 'callback/other', FORM],
  ['POST', 'callback/staff/x', FORM],
])('%s %s as %s is not', (method, path, type) => {
  expect(isAnswered(method, path.split('/'), type)).toBe(false);
});
