/** Editing of readings: a person strikes, enters and takes back; a large edit waits for another person. */
import { expect, type Page } from '@playwright/test';
import { ask, daysAgo } from './answers.ts';
import { test } from './journey.ts';
import { expectSoundPage, tabTo } from './page-checks.ts';
import { product } from './product.ts';

test.beforeEach(({ enterAs }) => enterAs('billing'));

/** A household whose meter no other journey exchanges while this one runs. */
async function meterOf(page: Page, project: string): Promise<number> {
  const { editedAtDesk, editedByPhone } = product().households;
  const { terminalNumber } = project === 'desk' ? editedAtDesk : editedByPhone;
  const { rows } = await ask(page, '/meters', { query: { q: terminalNumber } });
  return rows[0]!.meterId;
}

/** Register at 24:00 of a day as it counts. */
async function closingIndexL(page: Page, meterId: number, day: string): Promise<number | null> {
  const query = { from: day, to: day, step: 'hour' } as const;
  const { days } = await ask(page, '/meters/{meterId}/readings', { path: { meterId }, query });
  return days[0]?.hours?.[23]?.indexL ?? null;
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const confirm = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Ticks the issued closings that the preview names: other journeys issue some. */
async function tickClosings(page: Page): Promise<void> {
  for (const box of await page.getByRole('checkbox').all()) await box.check();
}

test(
  'a register is struck out from the day of the meter, entered by hand, and both stand in the record',
  { tag: '@phone' },
  async ({ page }, { project }) => {
    const meterId = await meterOf(page, project.name);
    const day = daysAgo(2);
    const received = await closingIndexL(page, meterId, day);
    await page.goto(`/meters/${meterId}?from=${daysAgo(4)}&to=${daysAgo(1)}`);
    await page.locator(`a[href="/meters/${meterId}/edit?day=${day}"]`).first().click();
    await expect(heading(page)).toContainText('検針値の訂正');
    await expect(page.locator('input[type="date"]')).toHaveValue(day);

    await page.getByRole('radio', { name: '指針取消' }).check();
    const check = await tabTo(page, 'button', '影響を確かめる');
    await check.press('Enter');
    await expect(page.getByText('入れてください')).toBeVisible();
    await page.getByLabel('理由').selectOption({ label: '表示の異常' });
    await expectSoundPage(page);
    await check.press('Enter');
    await expect(page.getByRole('heading', { name: '訂正する前に' })).toBeFocused();
    await expect(page.getByText('疑いのない指針です')).toBeVisible();
    await expectSoundPage(page);
    await tickClosings(page);
    await confirm(page, 'この内容で訂正する').dblclick();
    await expect(page.getByRole('status')).toHaveText('訂正しました');
    expect(await closingIndexL(page, meterId, day)).toBeNull();
    await expectSoundPage(page);

    const text = ((received! + 100) / 1_000).toFixed(3);
    await page.goto(`/meters/${meterId}/edit?day=${day}&hour=24&kind=entered`);
    await page.getByRole('textbox', { name: '指針', exact: true }).fill(text);
    await page.getByLabel('理由').selectOption({ label: '現地で検針' });
    await page.getByLabel('メモ').fill('検針票で確認');
    await page.keyboard.press('Enter');
    await expect(page.getByText(`なし → ${text} ㎥`)).toBeVisible();
    await tickClosings(page);
    await confirm(page, 'この内容で訂正する').click();
    await expect(page.getByRole('status')).toHaveText('訂正しました');
    expect(await closingIndexL(page, meterId, day)).toBe(received! + 100);

    const { edits } = await ask(page, '/meters/{meterId}/edits', { path: { meterId } });
    expect(edits.slice(0, 2)).toMatchObject([
      { kind: 'entered', state: 'standing', note: '検針票で確認' },
      { kind: 'struck', state: 'superseded' },
    ]);

    const record = page.getByRole('region', { name: '検針値の訂正の記録' });
    await record.getByRole('button', { name: '取り消す' }).first().click();
    await expect(page.getByText('届いた値に戻ります')).toBeVisible();
    await expectSoundPage(page);
    await tickClosings(page);
    await confirm(page, '訂正を取り消す').click();
    await expect(page.getByRole('status')).toHaveText('訂正を取り消しました');
    expect(await closingIndexL(page, meterId, day)).toBe(received);
  },
);

test('an edit that moves much counts once another person agreed', async ({ page, enterAs }) => {
  const meterId = await meterOf(page, 'desk');
  const day = daysAgo(3);
  const received = await closingIndexL(page, meterId, day);
  await page.goto(`/meters/${meterId}/edit?day=${day}&hour=12&kind=entered`);
  await page
    .getByRole('textbox', { name: '指針', exact: true })
    .fill(((received! + 50_000) / 1_000).toFixed(3));
  await page.getByLabel('理由').selectOption({ label: 'お客様からの連絡' });
  await page.keyboard.press('Enter');
  await expect(page.getByText('別の担当者の確認が必要です')).toBeVisible();
  await tickClosings(page);
  await confirm(page, '訂正案として登録する').click();
  await expect(page.getByRole('status')).toContainText('訂正案を登録しました');

  await enterAs('admin');
  await page.goto(`/meters/${meterId}/edit`);
  const record = page.getByRole('region', { name: '検針値の訂正の記録' });
  await record.getByRole('button', { name: '確認する' }).first().click();
  await expect(confirm(page, '認めて有効にする')).toBeVisible();
  await confirm(page, '却下する').click();
  await expect(page.getByRole('status')).toHaveText('訂正案を却下しました');
});
