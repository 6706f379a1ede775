import { expect, type Page } from '@playwright/test';
import { addDays, dayOf } from '../lib/time.ts';
import { ask, bytesOf, csvCells, daysAgo } from './answers.ts';
import { test } from './journey.ts';
import { choose, expectSoundPage } from './page-checks.ts';
import { type Household, product } from './product.ts';

test.beforeEach(({ enterAs }) => enterAs('analyst'));

const NUMBERS = ['customerNumber', 'terminalNumber', 'meterSerial'] as const;

test.describe('the search', () => {
  for (const number of NUMBERS) {
    test(`finds a meter by its ${number} from any page`, {
      tag: number === NUMBERS[0] ? '@phone' : [],
    }, async ({ page }) => {
      const { neighbour } = product().households;
      await page.goto('/collection');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await page.keyboard.press('/');
      const dialog = page.getByRole('dialog');
      await expect(dialog.getByRole('textbox')).toBeFocused();
      await page.keyboard.type(neighbour[number]);
      const hit = dialog.getByRole('link').filter({ hasText: neighbour.meterSerial });
      await expect(hit).toBeVisible();
      await expectSoundPage(page);
      await page.keyboard.press('Enter');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(
        `メーター ${neighbour.meterSerial}`,
      );
    });
  }

  test('reports when nothing is found, and closes with Escape', async ({ page }) => {
    await page.goto('/meters');
    await page.getByRole('button', { name: '検索を開く' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('98765432109');
    await expect(page.getByRole('dialog')).toContainText('当たるメーターはありません');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  });
});

test.describe('the list of meters', () => {
  test('is filtered, sorted and paged by the server, all of it in the address', {
    tag: '@phone',
  }, async ({ page, isMobile }) => {
    const { total } = await ask(page, '/meters', {});
    await page.goto('/meters');
    await expect(page.getByRole('main').locator('header')).toContainText(`${total} 台`);
    await expectSoundPage(page);
    if (isMobile) {
      await page.getByRole('combobox', { name: '並べ替え' }).selectOption('お客様番号 降順');
    } else {
      const head = page.getByRole('columnheader', { name: 'お客様番号' });
      await head.getByRole('link').click();
      await expect(head).toHaveAttribute('aria-sort', 'descending');
    }
    await expect(page).toHaveURL(/order=desc/);
    const { rows } = await ask(page, '/meters', { query: { order: 'desc' } });
    const listed = page.locator('tbody').getByRole('row');
    await expect(listed.first()).toContainText(rows[0]!.customerNumber!);
    const { silent } = product().households;
    await page.getByRole('textbox').fill(silent.terminalNumber);
    await expect(page).toHaveURL(new RegExp(`q=${silent.terminalNumber}`));
    await expect(listed).toHaveCount(1);
    await expect(listed.first()).toContainText(silent.customerNumber);
  });

  test('shows no number of meters for a search text before its answer arrives', async ({
    page,
  }) => {
    const { silent } = product().households;
    await page.goto('/meters');
    const answer = page.getByRole('main').locator('header');
    await expect(answer).toContainText('台');
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(/\/api\/v1\/meters\?.*q=/, async (route) => {
      await released;
      await route.continue();
    });
    await page.getByRole('textbox').fill(silent.terminalNumber);
    await expect(page).toHaveURL(/q=/);
    await expect(page.locator('[aria-busy=true]')).toBeVisible();
    await expect(answer).not.toContainText('台');
    release();
    await expect(answer).toContainText('1 台');
  });

  test('has rows that open anywhere, in a new tab too', { tag: '@phone' }, async ({
    page,
    context,
    isMobile,
  }) => {
    const { silent } = product().households;
    await page.goto(`/meters?q=${silent.terminalNumber}`);
    const row = page.locator('tbody').getByRole('row');
    // The far end of the row, where its link has no text.
    const { width, height } = (await row.boundingBox())!;
    const corner = { position: { x: width - 8, y: height / 2 } };
    if (!isMobile) {
      const opened = context.waitForEvent('page');
      await row.click({ ...corner, button: 'middle' });
      await expect(await opened).toHaveURL(/\/meters\/\d+$/);
    }
    await row.click(corner);
    await expect(page).toHaveURL(/\/meters\/\d+$/);
  });

  test('keeps the chosen columns for the next visit, and has a file of what it shows', async ({
    page,
  }) => {
    const columns = page.locator('tbody tr').first().getByRole('cell');
    const { total } = await ask(page, '/meters', {});
    await page.goto('/meters');
    await expect(columns).toHaveCount(7);
    await page.getByRole('button', { name: '表示する列' }).click();
    await page.getByRole('checkbox', { name: '電池' }).click();
    await expect(columns).toHaveCount(6);
    await expectSoundPage(page);
    await page.reload();
    await expect(columns).toHaveCount(6);
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: /^CSV/ }).click();
    const [head, ...rows] = csvCells((await bytesOf(await saving)).toString('utf8'));
    expect(head).toEqual([
      ...['お客様番号', '無線機ID', 'メーター番号', '地区', '最後の通信', '電波 (dBm)'],
    ]);
    expect(rows).toHaveLength(Math.min(50, total));
  });

  test('keeps its head in view while it scrolls, and on a phone names its values', {
    tag: '@phone',
  }, async ({ page, isMobile }) => {
    await page.goto('/meters');
    const head = page.getByRole('columnheader', { name: 'お客様番号' });
    await page.locator('tbody').getByRole('row').last().scrollIntoViewIfNeeded();
    await expect(page.locator('tbody').getByRole('row').first()).not.toBeInViewport();
    if (isMobile) {
      await expect(head).toBeHidden();
      const battery = page.locator('tbody tr').last().locator('[data-label="電池"]');
      await expect(battery).toContainText(/^\d\.\d\d$/);
    } else {
      await expect(head).toBeInViewport();
    }
  });

  test('states why it is empty', async ({ page }) => {
    await page.goto('/meters?q=98765432109');
    await expect(page.getByText('当たるメーターがありません')).toBeVisible();
    await expectSoundPage(page);
  });
});

test.describe('a meter’s page', () => {
  test('opens with the week’s usage, hour by hour, and the pressure below it', {
    tag: '@phone',
  }, async ({ page }) => {
    const meterId = await meterOf(page, product().households.neighbour);
    const { days } = await ask(page, '/meters/{meterId}/readings', { path: { meterId } });
    await page.goto(`/meters/${meterId}`);
    await expect(page.getByRole('main').locator('header')).toContainText('㎥');
    const usage = page.getByRole('region', { name: '使用量', exact: true });
    await usage.getByRole('button', { name: '表で見る' }).click();
    await expect(usage.getByRole('row')).toHaveCount(7 * 24 + 1);
    const firstL = days[0]?.hours?.[0]?.usageL ?? 0;
    await expect(usage.getByRole('row').nth(1)).toContainText((firstL / 1_000).toFixed(3));
    await expect(page.getByRole('region', { name: '圧力', exact: true })).toBeVisible();
    await expectSoundPage(page);
  });

  test('shows a missing hour as a gap with its reason', { tag: '@phone' }, async ({ page }) => {
    const meterId = await meterOf(page, product().households.missingHours);
    const gapDay = await findGapDay(page, meterId);
    await page.goto(`/meters/${meterId}?from=${gapDay}&to=${gapDay}`);
    const usage = page.getByRole('region', { name: '使用量', exact: true });
    await usage.getByRole('button', { name: '表で見る' }).click();
    await expect(usage.getByText('1時間ごとの使用量はありません').first()).toBeVisible();
    await expectSoundPage(page);
  });

  test('of a silent terminal states that its days have not arrived', async ({ page }) => {
    const { silent } = product().households;
    const meterId = await meterOf(page, silent);
    await page.goto(`/meters/${meterId}?from=${daysAgo(2)}&to=${daysAgo(1)}`);
    await expect(page.getByRole('main').locator('header')).toContainText('まだ届いていません');
    const usage = page.getByRole('region', { name: '使用量', exact: true });
    await usage.getByRole('button', { name: '表で見る' }).click();
    await expect(usage.getByRole('row').nth(1)).toContainText('報告が届いていません');
    await expectSoundPage(page);
  });

  test('leads from an exchanged meter to the one that is fitted now', {
    tag: '@phone',
  }, async ({ page }) => {
    const { former, present } = await exchangedMeters(page);
    const day = dayOf(new Date(former.removedAt!));
    await page.goto(`/meters/${former.meterId}?from=${addDays(day, -1)}&to=${day}`);
    await expect(page.getByText(/^このメーターは .* に取り外されています$/)).toBeVisible();
    await expect(page.getByRole('main').locator('header')).toContainText('この設置場所の使用量');
    const change = `${former.meterSerial} → ${present.meterSerial}`;
    await expect(page.getByRole('listitem').filter({ hasText: change })).toBeVisible();
    await expect(page.locator('svg text').filter({ hasText: change })).toHaveCount(2);
    await expectSoundPage(page);
    await page.getByRole('link', { name: present.meterSerial }).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      `メーター ${present.meterSerial}`,
    );
  });

  test('goes from thirteen months by the day to one day by the hour', async ({ page }) => {
    const meterId = await meterOf(page, product().households.neighbour);
    await page.goto(`/meters/${meterId}`);
    await choose(page, '期間', '13か月');
    await expect(page).toHaveURL(new RegExp(`from=${daysAgo(395)}&to=${daysAgo(1)}`));
    const usage = page.getByRole('region', { name: '使用量', exact: true });
    await usage.getByRole('button', { name: '表で見る' }).click();
    await expect(usage.getByRole('row')).toHaveCount(396);
    await usage.getByRole('row').nth(200).getByRole('button').click();
    await expect(usage.getByRole('row')).toHaveCount(2 * 24 + 1);
  });

  test.describe('of no meter', () => {
    test.use({ refusals: [404] });

    test('says that there is none', async ({ page }) => {
      await page.goto('/meters/999999');
      await expect(page.getByRole('heading', { name: /見つかりません/ })).toBeVisible();
    });
  });
});

async function meterOf(page: Page, { meterSerial }: Household): Promise<number> {
  const { hits } = await ask(page, '/search', { query: { q: meterSerial } });
  return hits.find((hit) => hit.meterSerial === meterSerial)!.meterId;
}

/** The latest day of recent weeks with single missing hours between known ones. */
async function findGapDay(page: Page, meterId: number): Promise<string> {
  for (let back = 1; back < 390; back += 30) {
    const { days } = await ask(page, '/meters/{meterId}/readings', {
      path: { meterId },
      query: { from: daysAgo(back + 29), to: daysAgo(back) },
    });
    const found = days.findLast(({ hours }) => hours?.some(({ state }) => state === 'spanned'));
    if (found) return found.day;
  }
  throw new Error('the fleet has reported no day with missing hours');
}

async function exchangedMeters(page: Page) {
  const { rows } = await ask(page, '/meters', { query: { limit: 500 } });
  for (const { meterId } of rows) {
    const { fittings } = await ask(page, '/meters/{meterId}', { path: { meterId } });
    const former = fittings.find(({ removedAt }) => removedAt !== null);
    const present = fittings.find(({ removedAt }) => removedAt === null);
    if (former && present) return { former, present };
  }
  throw new Error('no meter of the fleet was exchanged');
}
