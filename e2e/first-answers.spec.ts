import { expect } from '@playwright/test';
import { arrivedCount } from '../lib/collection/collection.ts';
import { ask, daysAgo } from './answers.ts';
import { test } from './journey.ts';
import { product } from './product.ts';

/** Without scripts: the figures of a page are in its HTML. */
test.use({ javaScriptEnabled: false });

test.describe('a page without scripts', () => {
  test('of the collection has its summary, its list and the advice', async ({ page, enterAs }) => {
    await enterAs('analyst');
    const day = daysAgo(2);
    const { total } = await ask(page, '/collection', { query: { day } });
    await page.goto(`/collection?day=${day}`);
    await expect(page.getByRole('main').locator('header')).toContainText(
      `${arrivedCount(total)} / ${total.expected}`,
    );
    const { silent } = product().households;
    await expect(page.locator('tbody').getByText(silent.terminalNumber)).toBeVisible();
  });

  test('the meters are listed in the order of the address', async ({ page, enterAs }) => {
    await enterAs('analyst');
    const { total, rows } = await ask(page, '/meters', { query: { order: 'desc' } });
    await page.goto('/meters?order=desc');
    await expect(page.getByRole('main').locator('header')).toContainText(`${total} 台`);
    await expect(page.locator('tbody tr').first()).toContainText(rows[0]!.customerNumber!);
  });

  test('of the pressure of an area has its summary and its meters', async ({ page, enterAs }) => {
    await enterAs('analyst');
    const { areas } = await ask(page, '/areas', {});
    const { areaId, name } = areas[1]!;
    const { rows } = await ask(page, '/pressure/areas/{areaId}/meters', { path: { areaId } });
    await page.goto(`/pressure?area=${areaId}`);
    await expect(page.getByRole('main').locator('header')).toContainText(name);
    await expect(page.locator('tbody tr').first()).toContainText(rows[0]!.customerNumber!);
  });

  test('of a meter has its usage, of a closing its rows', async ({ page, enterAs }) => {
    await enterAs('admin');
    const { neighbour } = product().households;
    const { hits } = await ask(page, '/search', { query: { q: neighbour.meterSerial } });
    await page.goto(`/meters/${hits[0]!.meterId}`);
    await expect(page.getByRole('main').locator('header')).toContainText('㎥');
    const { days } = await ask(page, '/closing-days', {});
    const { closingDay, latest } = days[0]!;
    const month = latest.closesOn.slice(0, 7);
    const { rows } = await ask(page, '/closings', { query: { closingDay, month } });
    await page.goto(`/closing?day=${closingDay}&month=${month}`);
    await expect(page.locator('tbody tr').first()).toContainText(rows[0]!.customerNumber);
  });

  test('of the work-list has its number of items', async ({ page, enterAs }) => {
    await enterAs('analyst');
    await page.goto('/check');
    await expect(page.getByRole('main').locator('header')).toContainText('検針値');
  });

  test('of a household has its month', async ({ page, enterAs }) => {
    await enterAs('household');
    const { usage } = await ask(page, '/my/usage', {});
    await page.goto('/my');
    await expect(page.getByRole('heading', { level: 1 })).toContainText(
      `${Number(usage.month.slice(5))}月`,
    );
    await expect(page.getByText('㎥').first()).toBeVisible();
  });
});

test.describe('a refused first answer', () => {
  test.use({ refusals: [403, 404] });

  test('is in no page of another role', async ({ page, enterAs }) => {
    await enterAs('analyst');
    const { neighbour } = product().households;
    const answer = await page.goto('/closing');
    expect(answer?.status()).toBe(403);
    expect(await answer?.text()).not.toContain(neighbour.terminalNumber);
  });

  test('is not fetched for navigation within the app', async ({ page, enterAs }) => {
    await enterAs('analyst');
    const { rows } = await ask(page, '/meters', {});
    const htmlFor = async (headers: Record<string, string>) =>
      (await page.request.get('/meters', { headers })).text();
    const { terminalNumber } = rows[0]!;
    expect(await htmlFor({ 'sec-fetch-dest': 'document' })).toContain(terminalNumber);
    expect(await htmlFor({ 'sec-fetch-dest': 'empty' })).not.toContain(terminalNumber);
  });

  test('is shown by the page itself', async ({ page, enterAs }) => {
    await enterAs('analyst');
    const answer = await page.goto('/meters/999999');
    expect(answer?.status()).toBe(200);
  });
});
