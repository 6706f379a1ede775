import { expect, type Page } from '@playwright/test';
import { addMonths, monthOf } from '../lib/time.ts';
import { ask, bytesOf } from './answers.ts';
import { test } from './journey.ts';
import { expectSoundPage, tabTo } from './page-checks.ts';
import { product } from './product.ts';
import { signIn } from './sign-in.ts';

test.beforeEach(async ({ context, register }) => {
  const { login, password } = await register.openAccount('billing');
  const { utilityCode } = product();
  await signIn(context.request, { provider: 'staff', form: { utilityCode, login, password } });
});

/**
 * A closing so many months before the latest one. Those of half a year ago are issued by these journeys alone, and no
 * exchange of another lies before them.
 */
async function earlierClosing(page: Page, months: number) {
  const { days } = await ask(page, '/closing-days', {});
  const { closingDay, latest } = days[0]!;
  const month = addMonths(monthOf(latest.closesOn), -months);
  return { closingDay, month, path: `/closing?day=${closingDay}&month=${month}` };
}

const historyOf = (page: Page) => page.getByRole('region', { name: '出力履歴' });

async function saveClosing(page: Page): Promise<{ name: string; text: string }> {
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: /件のCSVを保存する$/ }).click();
  return fileOf(await saving);
}

async function fileOf(download: Awaited<ReturnType<typeof waitForFile>>) {
  return {
    name: download.suggestedFilename(),
    text: (await bytesOf(download)).toString('latin1'),
  };
}

const waitForFile = (page: Page) => page.waitForEvent('download');

test.describe('the history of a closing', () => {
  test('says that nothing was issued', async ({ page }) => {
    const { path } = await earlierClosing(page, 9);
    await page.goto(path);
    await expect(historyOf(page)).toContainText('この締めは、まだ発行していません');
    await expect(historyOf(page).getByRole('button')).toHaveCount(0);
    await expectSoundPage(page);
  });

  test('has the run that was saved, its file again, and no change since', {
    tag: '@phone',
  }, async ({ page, isMobile }) => {
    // Journeys of both widths run side by side.
    const { path } = await earlierClosing(page, isMobile ? 7 : 6);
    await page.goto(path);
    const { name, text } = await saveClosing(page);
    const runId = /-run(\d+)-/.exec(name)?.[1];
    expect(runId).toBeDefined();

    const history = historyOf(page);
    const run = history.getByRole('listitem').filter({ hasText: `出力 ${runId}` });
    await expect(run).toContainText('発行済み');
    await expect(run).toContainText('試験係');
    await expect(run).toContainText(/\d+月\d+日\([日月火水木金土]\) \d+:\d\d/);
    await expect(run).toContainText(`${text.split('\r\n').length - 2}件`);

    await expect(run).toContainText(/発行後に届いた・変わった日はありません（\d+:\d\d現在）/);

    const again = waitForFile(page);
    await run
      .getByRole('button', { name: `出力 ${runId} のExcel用（Shift_JIS）をもう一度保存する` })
      .click();
    expect(await fileOf(await again)).toEqual({ name, text });

    await tabTo(page, 'button', '発行後の変更を調べる');
    await page.keyboard.press('Enter');
    await expect(history.getByText(/^発行後の変更はありません（\d+:\d\d現在）$/)).toBeVisible();
    await expectSoundPage(page);
  });

  test('lists what has changed since, with the reason and what to do', {
    tag: '@phone',
  }, async ({ page, isMobile }) => {
    const { closingDay, month, path } = await earlierClosing(page, isMobile ? 7 : 6);
    const { rows } = await ask(page, '/closings', { query: { closingDay, month } });
    const before = rows.find(({ indexL, usageM3 }) => indexL !== null && usageM3 !== null)!;
    const after = { ...before, indexL: before.indexL! + 1_500, usageM3: '98765' };
    const { customerNumber } = before;
    // As the API answers when a reading was corrected and another customer's row came.
    await page.route(/\/closings\/runs\/\d+\/differences/, (route) =>
      route.fulfill({
        json: {
          asOf: new Date().toISOString(),
          total: 2,
          rows: [
            { customerNumber, before, after, reasons: ['corrected'] },
            { customerNumber: 'Z-1', before: null, after, reasons: ['register'] },
          ],
        },
      }),
    );
    // And what it says of days, without making the closing again.
    await page.route(/\/closings\/runs\/\d+\/since$/, (route) =>
      route.fulfill({
        json: {
          ...{ runId: 1, asOf: new Date().toISOString() },
          since: { days: 12, supplyPoints: 1, orMore: false },
        },
      }),
    );
    await page.goto(path);
    await saveClosing(page);
    const history = historyOf(page);
    await expect(history).toContainText(
      /発行後に届いた・変わった日が12日分、登録の変更が設置場所1件あります（\d+:\d\d現在）。請求への影響は「発行後の変更を調べる」で分かります。/,
    );
    await history.getByRole('button', { name: '発行後の変更を調べる' }).click();
    await expect(history.getByRole('status')).toContainText('発行後に、2行が変わりました');
    const changed = history.getByRole('list', { name: '発行後に変わった行' });
    const corrected = changed.getByRole('listitem').filter({ hasText: customerNumber });
    await expect(corrected).toContainText('検針値が訂正されました');
    await expect(corrected).toContainText(`使用量 ${before.usageM3} → 98765㎥`);
    await expect(corrected).toContainText(/指針 [\d.]+ → [\d.]+㎥/);
    await expect(changed.getByRole('listitem').filter({ hasText: 'Z-1' })).toContainText(
      '使用量 なし → 98765㎥',
    );
    await expect(history.getByRole('alert')).toContainText('再発行');
    await expectSoundPage(page);
  });
});

test.describe('a comparison that fails', () => {
  test.use({ refusals: [500] });

  test('says so, and can be asked for again', async ({ page }) => {
    const { path } = await earlierClosing(page, 6);
    let isBroken = true;
    await page.route(/\/closings\/runs\/\d+\/differences/, (route) =>
      isBroken
        ? route.fulfill({
            status: 500,
            contentType: 'application/problem+json',
            json: { code: 'internal', status: 500, title: 'Internal', detail: 'it broke' },
          })
        : route.continue(),
    );
    await page.goto(path);
    await saveClosing(page);
    const history = historyOf(page);
    const compare = history.getByRole('button', { name: '発行後の変更を調べる' });
    await compare.click();
    await expect(history.getByRole('button', { name: 'もう一度読み込む' })).toBeVisible();
    await expect(history.getByText('発行後の変更はありません')).toBeHidden();
    isBroken = false;
    await compare.click();
    await expect(history.getByText('発行後の変更はありません')).toBeVisible();
  });
});
