import { expect, type Page } from '@playwright/test';
import { addMonths, monthOf } from '../lib/time.ts';
import { ask, bytesOf } from './answers.ts';
import { test } from './journey.ts';
import { expectSoundPage, tabTo } from './page-checks.ts';
import { product } from './product.ts';
import { signIn } from './sign-in.ts';

// Issues of a utility are made one after another: two journeys that hold one would wait for each other.
test.describe.configure({ mode: 'serial' });

test.beforeEach(async ({ context, register }) => {
  const { login, password } = await register.openAccount('billing');
  const { utilityCode } = product();
  await signIn(context.request, { provider: 'staff', form: { utilityCode, login, password } });
});

const SAVE = /件のCSVを保存する$/;
const stripOf = (page: Page) => page.getByRole('region', { name: '締めの準備状況' });
const historyOf = (page: Page) => page.getByRole('region', { name: '出力履歴' });

/** A closing that these journeys alone issue: of the second closing day, so many months before the latest. */
async function ownClosing(page: Page, months: number) {
  const { days } = await ask(page, '/closing-days', {});
  const { closingDay, latest } = days[1]!;
  const month = addMonths(monthOf(latest.closesOn), -months);
  const { counts } = await ask(page, '/closings', { query: { closingDay, month, limit: 1 } });
  const path = `/closing?day=${closingDay}&month=${month}`;
  return { closingDay, month, path, total: counts.total };
}

async function issuesOf(page: Page, closing: { closingDay: number; month: string }) {
  const { closingDay, month } = closing;
  return (await ask(page, '/closings/issues', { query: { closingDay, month } })).rows;
}

test.describe('issuing a closing', () => {
  test('goes on when its page is left; another browser sees it, and its file is there on return', {
    tag: '@phone',
  }, async ({ page, browser, register, isMobile }) => {
    test.slow();
    const closing = await ownClosing(page, isMobile ? 5 : 4);
    await page.goto(closing.path);
    const letGo = await register.holdIssuing();
    try {
      await page.getByRole('button', { name: SAVE }).click();
      const strip = stripOf(page);
      await expect(strip.getByText('発行しています：検針値から行を作成中')).toBeVisible();
      await expect(strip.getByText(/受付（試験係）。.*この画面を離れても続きます/)).toBeVisible();
      await expect(page.getByRole('button', { name: SAVE })).toBeDisabled();
      await expectSoundPage(page);
      await page.goto('/closing/layouts');

      // A colleague, who sees that one and cannot begin a second.
      const other = await browser.newContext({ baseURL: product().url, locale: 'ja-JP' });
      const { login, password } = await register.openAccount('billing');
      const { utilityCode } = product();
      await signIn(other.request, { provider: 'staff', form: { utilityCode, login, password } });
      const colleague = await other.newPage();
      await colleague.goto(closing.path);
      await expect(historyOf(colleague).getByText('発行中')).toBeVisible();
      await expect(colleague.getByRole('button', { name: SAVE })).toBeDisabled();
      await other.close();
    } finally {
      await letGo();
    }
    await expect
      .poll(async () => (await issuesOf(page, closing))[0]?.state, { timeout: 30_000 })
      .toBe('issued');

    await page.goto(closing.path);
    const [issue] = await issuesOf(page, closing);
    const runId = String(issue?.runs[0]?.runId);
    await expect(
      stripOf(page).getByText(`発行しました（出力 ${runId}、${closing.total}件）`),
    ).toBeVisible();
    await expectSoundPage(page);
    const saving = page.waitForEvent('download');
    await stripOf(page).getByRole('button', { name: 'ファイルを保存する' }).click();
    const file = await saving;
    expect(file.suggestedFilename()).toContain(`-run${runId}-excel-cp932.csv`);
    const lines = (await bytesOf(file)).toString('latin1').split('\r\n');
    expect(lines).toHaveLength(closing.total + 2);
    await expect(page.getByText(`${file.suggestedFilename()} を保存しました`)).toBeVisible();
    await expect(historyOf(page)).toContainText(`出力 ${runId}`);
  });

  test('is stopped after it was confirmed, and then nothing was issued', {
    tag: '@phone',
  }, async ({ page, register, isMobile }) => {
    test.slow();
    const closing = await ownClosing(page, isMobile ? 3 : 2);
    const before = await ask(page, '/closings/runs', { query: { closingDay: closing.closingDay } });
    await page.goto(closing.path);
    const letGo = await register.holdIssuing();
    try {
      await page.getByRole('button', { name: SAVE }).click();
      await expect(stripOf(page).getByText(/^発行しています/)).toBeVisible();
      // By the keyboard alone.
      await tabTo(page, 'button', '発行を中止する');
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog', { name: '発行を中止しますか' });
      await expect(dialog).toContainText('何も発行されません');
      await dialog.getByRole('button', { name: '中止しない' }).click();
      await expect(dialog).toBeHidden();
      expect((await issuesOf(page, closing))[0]?.state).toBe('making');
      await stripOf(page).getByRole('button', { name: '発行を中止する' }).click();
      await expectSoundPage(page);
      await dialog.getByRole('button', { name: '発行を中止する' }).click();
      await expect(stripOf(page).getByText('発行を中止しました')).toBeVisible();
      await expect(page.getByRole('button', { name: SAVE })).toBeEnabled();
      await expect(historyOf(page).getByText('中止', { exact: true })).toBeVisible();
      await expectSoundPage(page);
    } finally {
      await letGo();
    }
    expect((await issuesOf(page, closing))[0]).toMatchObject({ state: 'cancelled', runs: [] });
    const after = await ask(page, '/closings/runs', { query: { closingDay: closing.closingDay } });
    const runsOf = ({ rows }: typeof after) =>
      rows.filter(({ closesOn }) => monthOf(closesOn) === closing.month).map(({ runId }) => runId);
    expect(runsOf(after)).toEqual(runsOf(before));
  });

  test('says why it failed, and what to do', { tag: '@phone' }, async ({ page }) => {
    const closing = await ownClosing(page, 6);
    const [known] = await issuesOf(page, closing);
    const at = new Date().toISOString();
    // As the API answers where a name cannot be written.
    const failed = {
      ...{
        issueId: 2_000_000_000,
        closingDay: closing.closingDay,
        closings: [`${closing.month}-05`],
      },
      ...{ customerNumber: null, rounding: null, format: 'office-cp932', identifiers: null },
      ...{ layout: null, askedBy: 'staff:1', askedName: '試験係', askedAt: at, attempts: 1 },
      ...{ begunAt: at, phase: 'file', makingOn: null, rowsDone: null, rowsTotal: null },
      ...{ heartbeatAt: at, hasWorker: true, runs: [], state: 'failed', asOf: at, endedAt: at },
      ...{ failure: 'does-not-fit', failureDetail: 'x', endedName: 'worker' },
      faults: [{ field: '3.地区', message: '😀 (東町😀)' }],
    };
    await page.route(/\/closings\/issues\?/, (route) =>
      route.fulfill({ json: { total: 1, rows: [failed, ...(known ? [known] : [])] } }),
    );
    const before = addMonths(closing.month, -1);
    await page.goto(`/closing?day=${closing.closingDay}&month=${before}`);
    await page.getByRole('button', { name: '次の月' }).click();
    const alert = stripOf(page).getByRole('alert');
    await expect(alert).toContainText('選んだファイルに書けない値があります');
    await expect(alert).toContainText('3行目の「地区」：😀');
    await expect(alert).toContainText('何も発行していません');
    await expectSoundPage(page);
    await alert.getByRole('button', { name: '閉じる' }).click();
    await expect(alert).toBeHidden();
  });
});
