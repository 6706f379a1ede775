import { expect } from '@playwright/test';
import { ask, daysAgo } from './answers.ts';
import { test } from './journey.ts';
import { product } from './product.ts';
import { reportDays } from './terminal.ts';

test('an arriving day appears on the collection page without a reload', {
  tag: '@phone',
}, async ({ page, enterAs, isMobile }) => {
  // Each width has its own terminal and day, so that neither sees the other's arrival.
  const day = daysAgo(isMobile ? 3 : 4);
  const { foundAtDesk, foundByPhone } = product().households;
  const { terminalNumber } = isMobile ? foundByPhone : foundAtDesk;
  await enterAs('analyst');
  const before = await ask(page, '/collection', { query: { day } });
  expect(before.total.missing).toBeGreaterThan(0);
  await page.goto(`/collection?day=${day}&state=missing`);
  const answer = page.getByRole('main').locator('header');
  await expect(answer).toContainText(/未着 \d+ 件/);
  const row = page.getByRole('row').filter({ hasText: terminalNumber });
  await expect(row).toBeVisible();
  await page.evaluate(() => document.body.setAttribute('data-loaded', 'once'));

  await reportDays(terminalNumber, [day]);

  await expect(row).toBeHidden({ timeout: 45_000 });
  await expect(page.locator('body')).toHaveAttribute('data-loaded', 'once');
  // Days of another journey's meter may arrive meanwhile.
  const after = await ask(page, '/collection', { query: { day } });
  expect(after.total.late + after.total.requested).toBeGreaterThan(
    before.total.late + before.total.requested,
  );
});
