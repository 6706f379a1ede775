import { expect, type Page } from '@playwright/test';
import { addMonths, monthOf } from '../lib/time.ts';
import { ask, daysAgo } from './answers.ts';
import { test } from './journey.ts';
import { expectSoundPage } from './page-checks.ts';
import { product } from './product.ts';
import { signIn } from './sign-in.ts';

test.beforeEach(async ({ context, register }) => {
  const { login, password } = await register.openAccount('billing');
  const { utilityCode } = product();
  await signIn(context.request, { provider: 'staff', form: { utilityCode, login, password } });
});

/** The latest closing of which all reports are due, with its rows. */
async function reportedClosing(page: Page) {
  const { days } = await ask(page, '/closing-days', {});
  const [last] = days
    .filter(({ latest }) => latest.closesOn <= daysAgo(3))
    .toSorted((a, b) => b.latest.closesOn.localeCompare(a.latest.closesOn));
  const { closingDay, latest } = last!;
  const month = monthOf(latest.closesOn);
  const preview = await ask(page, '/closings', { query: { closingDay, month, limit: 200 } });
  return { path: `/closing?day=${closingDay}&month=${month}`, closingDay, month, preview };
}

test.describe('a closing whose reports are not all due', () => {
  test('says what is awaited and until when, and is ready without a click', {
    tag: '@phone',
  }, async ({ page }) => {
    await page.clock.install();
    const { closingDay, month, preview } = await reportedClosing(page);
    let isReady = false;
    // The server's rows, as they were before their reports were due.
    await page.route(/\/api\/v1\/closings\?.*limit=100/, async (route) => {
      const response = await route.fetch();
      const json = (await response.json()) as typeof preview;
      await route.fulfill({ response, json: isReady ? json : beforeDue(json) });
    });
    await page.goto(`/closing?day=${closingDay}&month=${addMonths(month, -1)}`);
    await page.getByRole('button', { name: '次の月' }).click();

    const { total } = preview.counts;
    const strip = page.getByRole('region', { name: '締めの準備状況' });
    await expect(strip.getByRole('status')).toContainText(/最終報告予定 .*ごろ（あと約5時間）/);
    await expect(strip).toContainText('自動更新');
    await expect(strip).toContainText(`未到来 ${total}件`);
    await expect(page.getByRole('main').locator('header')).toContainText(`未到来 ${total}、代用 0`);
    const save = strip.getByRole('button', { name: `途中のデータを保存する（未到来 ${total}件）` });
    await expect(save).toHaveAttribute('data-variant', 'outline');
    await expect(page.locator('tbody').getByText('代用')).toHaveCount(0);
    await expect(page.locator('tbody').getByText(/までに報告予定$/)).toHaveCount(total);
    await expectSoundPage(page);

    isReady = true;
    await page.clock.fastForward(61_000);
    const ready = strip.getByRole('button', { name: `${total}件のCSVを保存する` });
    await expect(ready).toHaveAttribute('data-variant', 'filled');
    await expect(strip.getByRole('status')).toContainText('未到来の報告はありません');
    await expect(strip).not.toContainText('自動更新');
  });
});

/** The answer as it was when no report of the closing was due: five hours before the last of them. */
function beforeDue(preview: Awaited<ReturnType<typeof reportedClosing>>['preview']) {
  const { asOf, counts, rows } = preview;
  const expectedAt = new Date(Date.parse(asOf) + 5 * 3_600_000).toISOString();
  const none = Object.fromEntries(Object.keys(counts.quality).map((name) => [name, 0]));
  const quality = { ...none, awaited: counts.total };
  return {
    ...preview,
    ready: false,
    counts: { ...counts, quality, awaitedUntil: expectedAt },
    rows: rows.map((row) => ({ ...row, quality: 'awaited', expectedAt })),
  };
}

test.describe('a row of a closing', () => {
  test('explains itself by keyboard, at an address that can be sent', async ({ page }) => {
    const { path, preview } = await reportedClosing(page);
    const row = preview.rows.find(({ usageM3 }) => usageM3 !== null)!;
    await page.goto(path);
    const link = page.getByRole('link', { name: row.customerNumber, exact: true });
    await link.focus();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog', { name: `お客様 ${row.customerNumber}` });
    await expect(drawer).toBeVisible();
    await expect(drawer).toContainText(row.meterSerial ?? '取付なし');
    await expect(drawer.getByRole('heading', { name: '直近5日間の報告' })).toBeVisible();
    const days = drawer.getByRole('list', { name: '直近5日間の報告' });
    await expect(days.getByRole('listitem')).toHaveCount(5);
    await expect(drawer).toContainText(`= ${row.usageM3}（`);
    await expectSoundPage(page);

    const address = page.url();
    expect(new URL(address).searchParams.get('customer')).toBe(row.customerNumber);
    await page.keyboard.press('Escape');
    await expect(drawer).toBeHidden();
    await expect(link).toBeFocused();
    expect(new URL(page.url()).searchParams.has('customer')).toBe(false);

    await page.goto(address);
    await expect(drawer).toContainText(`= ${row.usageM3}（`);
    await drawer.getByRole('button', { name: '閉じる' }).click();
    await expect(drawer).toBeHidden();
    await page.goBack();
    await expect(drawer).toBeVisible();
  });

  test('says why it is substituted, and leads to the page of its meter', { tag: '@phone' }, async ({
    page,
  }) => {
    const { path, preview } = await findSubstituted(page);
    const row = preview.rows.find(({ quality }) => quality === 'substituted')!;
    await page.goto(path);
    await page.getByRole('link', { name: row.customerNumber, exact: true }).click();
    const drawer = page.getByRole('dialog', { name: `お客様 ${row.customerNumber}` });
    await expect(drawer).toContainText(/届いていません。|24:00の指針がありません。/);
    await expect(drawer).toContainText('で代用しています。');
    await expectSoundPage(page);
    await drawer.getByRole('link', { name: 'メーターのページを開く' }).click();
    await expect(page).toHaveURL(/\/meters\/\d+$/);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(row.meterSerial!);
  });

  test('that the closing does not have is said to be missing', async ({ page }) => {
    const { path } = await reportedClosing(page);
    await page.route(/\/closings\/row/, (route) => route.continue());
    await page.goto(`${path}&customer=0&point=0`);
    const drawer = page.getByRole('dialog');
    await expect(drawer.getByRole('heading', { name: 'この行は見つかりません' })).toBeVisible();
  });

  // The address above asks for what is not there.
  test.use({ refusals: [404] });
});

/** A closing of the last year with a substituted reading. */
async function findSubstituted(page: Page) {
  const { days } = await ask(page, '/closing-days', {});
  for (const { closingDay, latest } of days) {
    for (let back = 0; back < 12; back += 1) {
      const month = addMonths(monthOf(latest.closesOn), -back);
      const query = { closingDay, month, show: 'substituted' as const };
      const preview = await ask(page, '/closings', { query });
      if (preview.counts.quality.awaited === 0 && preview.total > 0) {
        return { path: `/closing?day=${closingDay}&month=${month}`, preview };
      }
    }
  }
  throw new Error('the demo has no closing with a substituted reading');
}

test.describe('the list of a closing', () => {
  test('is filtered by a number, however it is typed, and adds up', { tag: '@phone' }, async ({
    page,
  }) => {
    const { path, preview } = await reportedClosing(page);
    const { customerNumber, usageM3 } = preview.rows[0]!;
    await page.goto(path);
    const rows = page.locator('tbody').getByRole('row');
    await expect(rows).toHaveCount(preview.total);
    const totals = page.locator('tfoot');
    await expect(totals).toContainText(`合計（${preview.total}件）`);
    await expect(totals).toContainText(preview.totals.usageM3);

    const field = page.getByRole('textbox', { name: '番号で絞り込む' });
    const fullWidth = customerNumber
      .replace(/^0+/, '')
      .replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    await field.fill(fullWidth);
    await expect(totals).toContainText('合計（1件）');
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText(customerNumber);
    if (usageM3 !== null) await expect(totals).toContainText(usageM3);
    await expect(page).toHaveURL(/[?&]q=/);
    await expectSoundPage(page);
    await page.reload();
    await expect(rows).toHaveCount(1);

    await field.fill('no such number');
    const none = page.getByRole('heading', { name: '「no such number」に該当する行はありません' });
    await expect(none).toBeVisible();
    await page.getByRole('button', { name: 'すべての行を表示する' }).click();
    await expect(rows).toHaveCount(preview.total);
    await expect(field).toHaveValue('');
  });
});

test.describe('an address that cannot be read', () => {
  test('is said to be so instead of showing another closing in silence', { tag: '@phone' }, async ({
    page,
  }) => {
    await page.goto('/closing?day=99&month=2026-13');
    const alert = page.getByRole('alert').filter({ hasText: '読み取れません' });
    await expect(alert).toContainText('day=99、month=2026-13');
    await expectSoundPage(page);
    await page.getByRole('button', { name: '前の月' }).click();
    await expect(alert).toBeHidden();
  });
});
