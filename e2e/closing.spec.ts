import { expect, type Page } from '@playwright/test';
import iconv from 'iconv-lite';
import type { ClosingDaysWire } from '../lib/closing/closing-wire.ts';
import { addMonths, monthOf } from '../lib/time.ts';
import { ask, bytesOf, csvCells, daysAgo } from './answers.ts';
import { test } from './journey.ts';
import { expectSoundPage, tabTo } from './page-checks.ts';
import { product } from './product.ts';
import { signIn } from './sign-in.ts';

const MACHINE_HEADER =
  'customer_number,terminal_number,meter_serial,closing_on,index_l,read_at,lag_hours,previous_index_l,usage_l,usage_m3,quality,kind,remarks,previous_difference_l,basis,previous_quality,register_m3,volume_factor,correction_l';

/** Each journey gets its own clerk, because a person has one file at a time and journeys run in parallel. */
test.beforeEach(async ({ context, register }) => {
  const { login, password } = await register.openAccount('billing');
  const { utilityCode } = product();
  await signIn(context.request, { provider: 'staff', form: { utilityCode, login, password } });
});

/** The latest past closing, as the page and the API address it. */
async function latestClosing(page: Page) {
  const { days } = await ask(page, '/closing-days', {});
  const [last] = days.toSorted((a, b) => b.latest.closesOn.localeCompare(a.latest.closesOn));
  return { days, ...(await previewOf(page, last!)) };
}

/** The latest closing of which all reports are due; later ones may have no actual reading yet. */
async function latestReportedClosing(page: Page) {
  const { days } = await ask(page, '/closing-days', {});
  const reported = days.filter(({ latest }) => latest.closesOn <= daysAgo(2));
  const [last] = reported.toSorted((a, b) => b.latest.closesOn.localeCompare(a.latest.closesOn));
  return previewOf(page, last!);
}

async function previewOf(page: Page, { closingDay, latest }: ClosingDaysWire['days'][number]) {
  const month = monthOf(latest.closesOn);
  const preview = await ask(page, '/closings', { query: { closingDay, month, limit: 200 } });
  return { closingDay, month, preview };
}

/** The button says what it saves: all rows, or those that are there so far. */
const SAVE = /件のCSVを保存する$|^途中のデータを保存する/;

async function saveFile(page: Page, kind: string, layout: string): Promise<Buffer> {
  await page.getByRole('combobox', { name: 'ファイルの種類' }).click();
  await page.getByRole('option', { name: kind }).click();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: SAVE }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toMatch(
    new RegExp(
      `^closing-${product().utilityCode}-\\d{4}-\\d{2}-\\d{2}-(draft|run\\d+)-${layout}\\.csv$`,
    ),
  );
  await expect(page.getByText(`${download.suggestedFilename()} を保存しました`)).toBeVisible();
  return bytesOf(download);
}

test.describe('the closing page', () => {
  test('is the first page of billing staff, and opens with the closing that closed last', {
    tag: '@phone',
  }, async ({ page }) => {
    const { preview } = await latestClosing(page);
    const { total, quality } = preview.counts;
    const awaited = quality.awaited > 0 ? `、未到来 ${quality.awaited}` : '';
    await page.goto('/');
    await expect(page).toHaveURL(/\/closing/);
    await expect(page.getByRole('heading', { level: 1, name: '締め日検針' })).toBeVisible();
    await expect(page.getByRole('main').locator('header')).toContainText(
      `締め ${total}件：実検針 ${quality.actual}${awaited}、代用 ${quality.substituted}、検針値なし ${quality.none}`,
    );
    const listed = page.locator('tbody').getByRole('row');
    await expect(listed).toHaveCount(total);
    for (const [at, row] of preview.rows.entries()) {
      await expect(listed.nth(at)).toContainText(row.customerNumber);
    }
    await expectSoundPage(page);
  });

  test('is controlled by closing day and month, kept in its address', async ({ page }) => {
    const { days, closingDay, month } = await latestClosing(page);
    const other = days.find((day) => day.closingDay !== closingDay && day.closingDay !== 31)!;
    await page.goto('/closing');
    await page.getByRole('combobox', { name: '締め日' }).click();
    await page.getByRole('option', { name: new RegExp(`^${other.closingDay}日`) }).click();
    await expect(page).toHaveURL(new RegExp(`day=${other.closingDay}&month=${month}`));
    await page.getByRole('button', { name: '前の月' }).click();
    const before = addMonths(month, -1);
    await expect(page).toHaveURL(new RegExp(`month=${before}`));
    const preview = await ask(page, '/closings', {
      query: { closingDay: other.closingDay, month: before },
    });
    const answer = page.getByRole('main').locator('header');
    await expect(answer).toContainText(`${Number(before.slice(5))}月${other.closingDay}日締め`);
    await expect(answer).toContainText(`締め ${preview.counts.total}件`);
    expect(preview.counts.total).toBe(other.supplyPoints);
    const sentence = await answer.textContent();
    await page.reload();
    await expect(answer).toHaveText(sentence ?? '');
    await page.goBack();
    await expect(page).toHaveURL(new RegExp(`month=${month}`));
  });

  test('filters the preview by quality', async ({ page }) => {
    const { preview, closingDay, month } = await latestReportedClosing(page);
    const { actual } = preview.counts.quality;
    await page.goto(`/closing?day=${closingDay}&month=${month}`);
    const bar = page.getByRole('group', { name: '表示する行' });
    await bar.getByText(`実検針 ${actual}`).click();
    await expect(page).toHaveURL(/show=actual/);
    await expect(page.locator('tbody').getByRole('row')).toHaveCount(actual);
    await page.reload();
    await expect(bar.getByRole('radio', { name: `実検針 ${actual}` })).toBeChecked();
  });

  test('saves the machine file, row by row what the preview shows', async ({ page }) => {
    const { preview } = await latestClosing(page);
    await page.goto('/closing');
    const text = (await saveFile(page, 'システム連携用', 'machine')).toString('utf8');
    expect(text.endsWith('\n') && !text.includes('\r')).toBe(true);
    const [header, ...rows] = csvCells(text);
    expect(header?.join(',')).toBe(MACHINE_HEADER);
    expect(
      rows.map(([customer, , , , index, , lag, , , usage, quality]) => ({
        customer,
        index,
        lag,
        usage,
        quality,
      })),
    ).toEqual(
      preview.rows.map((row) => ({
        customer: row.customerNumber,
        index: String(row.indexL ?? ''),
        lag: String(row.lagHours ?? ''),
        usage: row.usageM3 ?? '',
        quality: row.quality,
      })),
    );
    await expectSoundPage(page);
  });

  test('saves the office file in Shift_JIS with leading zeros that Excel keeps', async ({
    page,
  }) => {
    const { preview } = await latestClosing(page);
    await page.goto('/closing');
    const bytes = await saveFile(page, 'Excel用（Shift_JIS）', 'excel-cp932');
    const text = iconv.decode(bytes, 'cp932');
    expect(text.split('\r\n')).toHaveLength(preview.counts.total + 2);
    const [header, first] = csvCells(text);
    expect(header?.[0]).toBe('お客様番号');
    const { customerNumber } = preview.rows[0]!;
    expect(customerNumber).toMatch(/^0/);
    expect(first?.[0]).toBe(`"=""${customerNumber}"""`);
  });

  test('states when a future closing will pass', { tag: '@phone' }, async ({ page }) => {
    const { closingDay, month } = await latestClosing(page);
    await page.goto(`/closing?day=${closingDay}&month=${addMonths(month, 1)}`);
    await expect(page.getByRole('main').locator('header')).toContainText(
      'まだ締め日を迎えていません',
    );
    await expect(page.getByRole('button', { name: SAVE })).toBeHidden();
    await expectSoundPage(page);
  });

  test('states when a closing day has no customers', async ({ page }) => {
    const { month } = await latestClosing(page);
    await page.goto(`/closing?day=7&month=${addMonths(month, -2)}`);
    await expect(page.getByRole('heading', { name: 'この締め日の対象はありません' })).toBeVisible();
    await expectSoundPage(page);
  });

  test('can be used with the keyboard only', async ({ page }) => {
    await page.goto('/closing');
    const save = await tabTo(page, 'button', SAVE);
    const saving = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    await saving;
    await expect(save).toBeEnabled();
    // A closing whose reports are awaited is saved as a draft.
    await expect(page.getByText(/出力履歴に記録しました|出力履歴には載りません/)).toBeVisible();
  });

  test('states what was kept when a file cannot be downloaded', { tag: '@phone' }, async ({
    page,
    isMobile,
  }) => {
    // Of a draft, or of the run that was issued.
    const file = /\/api\/v1\/closings\/(runs\/\d+\/)?file/;
    await page.goto('/closing');
    await page.route(file, (route) => route.abort());
    const list = page.getByRole('group', { name: /の検針値$/ });
    // Whether a mail is asked for comes after the rows, and may take a line more.
    await expect(
      page.getByRole('region', { name: '締められるようになったときのメール' }),
    ).toBeVisible();
    const before = await list.boundingBox();
    await page.getByRole('button', { name: SAVE }).click();
    const alert = page.getByRole('alert').filter({ hasText: '保存できませんでした' });
    await expect(alert).toContainText(/ファイルは作られていません|発行は済んでいます/);
    // At the desk nothing moves; on a phone the message takes its own room.
    const after = await list.boundingBox();
    // Parts of a pixel come from rounding.
    if (!isMobile) expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2);
    await expectSoundPage(page);
  });
});
