import { expect } from '@playwright/test';
import { test } from './journey.ts';

/** Answer of the API while the session's share is used up. */
const BUSY = {
  status: 429,
  contentType: 'application/problem+json',
  headers: { 'retry-after': '1' },
  body: JSON.stringify({
    type: 'urn:kenshin:problem:busy',
    title: 'Busy at this moment',
    status: 429,
    code: 'busy',
    detail: 'later',
    reference: 'AAAA-2222',
    retryAfterS: 1,
  }),
};

test.use({ refusals: [429] });

test('a busy server is reported calmly, and the page loads by itself when its turn comes', async ({
  page,
  enterAs,
}) => {
  await enterAs('analyst');
  let isBusy = true;
  await page.route('**/api/v1/meters?*', (route) =>
    isBusy ? route.fulfill(BUSY) : route.continue(),
  );
  // A loaded document contains its first answers; a page reached by navigation fetches them.
  await page.goto('/collection');
  await page.getByRole('link', { name: 'メーター' }).filter({ visible: true }).click();
  await expect(page.getByText('ただいま混み合っています')).toBeVisible();
  isBusy = false;
  await expect(page.getByText('ただいま混み合っています')).toBeHidden();
  await expect(page.getByRole('table')).toBeVisible();
});
