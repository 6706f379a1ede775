import { expect, type Page } from '@playwright/test';
import { ask, daysAgo } from './answers.ts';
import { test } from './journey.ts';
import { expectSoundPage, tabTo } from './page-checks.ts';
import { product } from './product.ts';

test.beforeEach(({ enterAs }) => enterAs('admin'));

/** A preview judges the readings of thirteen months anew and computes fourteen closings twice. */
const PREVIEW_MS = 60_000;

/** The supply point of a household that no other journey uses, for each width. */
async function ownPlace(page: Page, project: string) {
  const { refittedAtDesk, refittedByPhone } = product().households;
  const { terminalNumber, meterSerial } = project === 'desk' ? refittedAtDesk : refittedByPhone;
  const { rows } = await ask(page, '/meters', { query: { q: terminalNumber } });
  const path = { meterId: rows[0]!.meterId };
  const { supplyPointId } = await ask(page, '/meters/{meterId}', { path });
  return { supplyPointId, meterSerial, terminalNumber };
}

async function placeNow(page: Page, supplyPointId: number) {
  return ask(page, '/supply-points/{supplyPointId}', { path: { supplyPointId } });
}

async function register(page: Page, what: string) {
  const heading = page.getByRole('heading', { name: '登録する前に' });
  await expect(heading).toBeFocused({ timeout: PREVIEW_MS });
  await expectSoundPage(page);
  // Files of other journeys.
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await page.getByRole('button', { name: `${what}を登録する` }).click();
  await expect(page.getByRole('status')).toHaveText(`${what}を登録しました`);
  await expectSoundPage(page);
}

async function undo(page: Page, what: string) {
  const button = await tabTo(page, 'button', '取り消す');
  await button.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '取り消す', exact: true }).click();
  await expect(page.getByRole('status')).toHaveText(`${what}を取り消しました`);
}

test(
  'a size that is typed wrong shows what it changes, is registered and undone',
  {
    tag: '@phone',
  },
  async ({ page }, { project }) => {
    test.slow();
    const { supplyPointId, meterSerial } = await ownPlace(page, project.name);
    const before = await placeNow(page, supplyPointId);
    await page.goto(`/supply-points/${supplyPointId}`);
    await page.getByRole('button', { name: 'メーター諸元の訂正' }).click();
    await expect(page.getByLabel('直すメーター')).toContainText(meterSerial);
    const size = page.getByLabel('号数');
    await expect(size).toHaveValue(String(before.meter!.sizeM3PerHour));
    await size.fill('2.55');
    await page.getByRole('button', { name: '影響を確かめる' }).click();
    await expect(page.getByText('小数は 1 桁まで')).toBeVisible();
    await size.fill('０.1');
    await expectSoundPage(page);
    await page.keyboard.press('Enter');
    await expect(page.getByText(/疑義のある指針は/)).toBeVisible({ timeout: PREVIEW_MS });
    await expect(page.getByRole('table', { name: '月ごとの使用量(暦月)' })).toBeVisible();
    await register(page, 'メーター諸元の訂正');
    expect((await placeNow(page, supplyPointId)).meter).toMatchObject({ sizeM3PerHour: 0.1 });
    await undo(page, 'メーター諸元の訂正');
    expect((await placeNow(page, supplyPointId)).meter).toEqual(before.meter);

    // Removal of the same meter.
    await page.getByRole('button', { name: 'メーター撤去' }).click();
    await expect(page.getByLabel('撤去日時')).toBeFocused();
    await page.getByLabel('撤去日時').fill(`${daysAgo(2)}T10:00`);
    await page.getByRole('button', { name: '影響を確かめる' }).click();
    const note = page.getByRole('note');
    await expect(note).toContainText('この日のあとも、お客様が入居しています', {
      timeout: PREVIEW_MS,
    });
    await expect(note).toContainText('最終指針がないため');
    await register(page, 'メーター撤去');
    expect((await placeNow(page, supplyPointId)).meter).toBeNull();
    await expect(page.getByRole('button', { name: 'メーター取付' })).toBeVisible();
    await undo(page, 'メーター撤去');
    expect((await placeNow(page, supplyPointId)).meter).toEqual(before.meter);
  },
);

test(
  'an exchange of the terminal that is registered late is offered the terminal that has reported since',
  {
    tag: '@phone',
  },
  async ({ page, register: prepare }, { project }) => {
    const place = await ownPlace(page, project.name);
    const number = project.name === 'desk' ? '799999999981' : '799999999982';
    await prepare.registerTerminal(number);
    for (const back of [3, 2, 1]) {
      const { meterSerial } = place;
      await prepare.refuseReport({ terminalNumber: number, meterSerial, day: daysAgo(back) });
    }
    await page.goto(`/supply-points/${place.supplyPointId}`);
    const note = page.getByRole('note');
    await expect(note).toContainText(
      `無線機ID ${number} の端末から、このメーターの検針値が 3 日分届いています`,
    );
    await expectSoundPage(page);
    await note.getByRole('button', { name: 'この番号を入れる' }).click();
    await expect(page.getByLabel('新しい端末の無線機ID')).toHaveValue(number);
    await page.getByLabel('取替日時').fill(`${daysAgo(3)}T00:00`);
    await page.getByRole('button', { name: '影響を確かめる' }).click();
    await expect(page.getByText('前の端末が')).toBeVisible({ timeout: PREVIEW_MS });
    await register(page, '検針端末の取替');
    const history = page.getByRole('table', { name: 'メーターと端末の履歴' });
    await expect(history).toContainText(number);
    await expect(history).toContainText(place.terminalNumber);
    expect((await placeNow(page, place.supplyPointId)).terminal).toMatchObject({ number });
    await undo(page, '検針端末の取替');
    expect((await placeNow(page, place.supplyPointId)).terminal).toMatchObject({
      number: place.terminalNumber,
    });
  },
);
