import { expect, type Page } from '@playwright/test';
import { addDays, monthOf } from '../lib/time.ts';
import { ask } from './answers.ts';
import { test } from './journey.ts';
import { expectSoundPage, tabTo } from './page-checks.ts';
import { product } from './product.ts';

test.beforeEach(({ enterAs }) => enterAs('admin'));

/** The supply point of a household that no other journey uses, for each width. */
async function ownPlace(page: Page, project: string) {
  const { movedOutAtDesk, movedOutByPhone } = product().households;
  const { terminalNumber } = project === 'desk' ? movedOutAtDesk : movedOutByPhone;
  const { rows } = await ask(page, '/meters', { query: { q: terminalNumber } });
  const path = { meterId: rows[0]!.meterId };
  const { supplyPointId } = await ask(page, '/meters/{meterId}', { path });
  const place = await ask(page, '/supply-points/{supplyPointId}', { path: { supplyPointId } });
  return { ...place, meterId: path.meterId, customer: place.stay!.customerNumber };
}

type Place = Awaited<ReturnType<typeof ownPlace>>;

/** The latest closing of the supply point, with the rows of its customer. */
async function latestClosing(page: Page, { closingDay, customer }: Place) {
  const { days } = await ask(page, '/closing-days', {});
  const { closesOn } = days.find((day) => day.closingDay === closingDay)!.latest;
  const month = monthOf(closesOn);
  const query = { closingDay, month, search: customer };
  const { rows } = await ask(page, '/closings', { query });
  return { closesOn, month, rows };
}

test(
  'a move-out on a past day is previewed, gets its final row, and is undone',
  {
    tag: '@phone',
  },
  async ({ page }, { project }) => {
    const place = await ownPlace(page, project.name);
    const before = await latestClosing(page, place);
    expect(before.rows).toMatchObject([{ kind: 'regular', closesOn: before.closesOn }]);
    const lastOn = addDays(before.closesOn, -3);

    await page.goto(`/meters/${place.meterId}`);
    await page.getByRole('link', { name: '設置場所を開く' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`設置場所 ${place.number}`);
    await expect(page.getByRole('status')).toContainText(place.customer);
    await expectSoundPage(page);

    await page.getByRole('button', { name: '退去', exact: true }).click();
    const day = page.getByLabel('最終使用日(退去日)');
    await expect(day).toBeFocused();
    await day.fill(lastOn);
    await expectSoundPage(page);
    await page.keyboard.press('Enter');

    await expect(page.getByRole('heading', { name: '登録する前に' })).toBeFocused();
    const rows = page.getByRole('table', { name: '締めの行(請求する単位)' });
    await expect(rows.getByRole('row').nth(1)).toContainText('使用中止');
    await expect(page.getByText(/最終検針\(使用中止\)は/)).toBeVisible();
    await expect(page.getByText(/どのお客様にも請求されません/).first()).toBeVisible();
    await expectSoundPage(page);
    // Files of other journeys.
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await page.getByRole('button', { name: '退去を登録する' }).dblclick();
    await expect(page.getByRole('status')).toHaveText('退去を登録しました');
    const { changes } = await ask(page, '/supply-points/{supplyPointId}/changes', {
      path: { supplyPointId: place.supplyPointId },
    });
    expect(changes).toHaveLength(1);
    await expectSoundPage(page);

    const after = await latestClosing(page, place);
    expect(after.rows).toMatchObject([{ kind: 'final', closesOn: lastOn }]);
    await page.goto(`/closing?day=${place.closingDay}&month=${after.month}&q=${place.customer}`);
    await expect(page.locator('tbody').getByText('使用中止').first()).toBeVisible();

    // The register as it stood on the last day, and on the day after.
    await page.goto(`/supply-points/${place.supplyPointId}?on=${lastOn}`);
    await expect(page.getByRole('status')).toContainText(place.customer);
    await page.getByLabel('台帳を見る日').fill(addDays(lastOn, 1));
    await expect(page.getByRole('status')).toContainText('入居しているお客様はいません');
    await page.getByRole('button', { name: '今日に戻す' }).click();

    const undo = await tabTo(page, 'button', '取り消す');
    await undo.press('Enter');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText(place.customer);
    await expectSoundPage(page);
    await dialog.getByRole('button', { name: '取り消す', exact: true }).click();
    await expect(page.getByRole('status')).toHaveText('退去を取り消しました');
    // What it counts from may be another now: other journeys issue closings of the same day meanwhile.
    const figures = ({ rows }: typeof before) =>
      rows.map(({ kind, closesOn, indexL, readAt, quality, meterSerial }) => [
        ...[kind, closesOn, indexL, readAt, quality, meterSerial],
      ]);
    expect(figures(await latestClosing(page, place))).toEqual(figures(before));
  },
);
