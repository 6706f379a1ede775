import { randomInt } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import type { MeterDetailWire } from '../lib/meters/meter-wire.ts';
import { monthOf } from '../lib/time.ts';
import { ask, daysAgo } from './answers.ts';
import { test } from './journey.ts';
import { expectSoundPage, tabTo } from './page-checks.ts';
import { product } from './product.ts';
import { signIn } from './sign-in.ts';

test.beforeEach(({ enterAs }) => enterAs('admin'));

/** A household that no other journey uses, for each width. */
async function ownMeter(page: Page, project: string): Promise<MeterDetailWire> {
  const { exchangedAtDesk, exchangedByPhone } = product().households;
  const { terminalNumber } = project === 'desk' ? exchangedAtDesk : exchangedByPhone;
  const { rows } = await ask(page, '/meters', { query: { q: terminalNumber } });
  return ask(page, '/meters/{meterId}', { path: { meterId: rows[0]!.meterId } });
}

/** Latest received register, in m³. */
async function lastIndexM3(page: Page, { meterId }: MeterDetailWire): Promise<number> {
  const query = { from: daysAgo(3), to: daysAgo(1), step: 'hour' } as const;
  const { days } = await ask(page, '/meters/{meterId}/readings', { path: { meterId }, query });
  const indexes = days.flatMap(({ hours }) => hours ?? []).flatMap(({ indexL }) => indexL ?? []);
  return indexes.at(-1)! / 1_000;
}

/** Value of a local-time field, in JST. */
function aMinuteAgo(): string {
  return new Date(Date.now() + 9 * 3_600_000 - 60_000).toISOString().slice(0, 16);
}

test.describe('the exchange of a meter', () => {
  // The new meter is not registered, which the first check reports.
  test.use({ refusals: [400] });

  test(
    "is previewed, registered once, shown on the meter's page, and undone",
    {
      tag: '@phone',
    },
    async ({ page }, { project }) => {
      const meter = await ownMeter(page, project.name);
      const serial = `77${randomInt(1e9, 1e10)}`;
      const finalIndex = ((await lastIndexM3(page, meter)) + 0.2).toFixed(3);
      await page.goto(`/meters/${meter.meterId}`);
      await page.getByRole('link', { name: '取替を登録する' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(
        `メーター ${meter.meterSerial} の取替`,
      );
      await page.getByLabel('取替日時').fill(aMinuteAgo());
      await page.getByLabel('旧メーター最終指針').fill(finalIndex);
      await page.getByLabel('新メーター製造番号').fill(serial);
      await expectSoundPage(page);
      await page.getByRole('button', { name: '影響を確かめる' }).click();

      const size = page.getByLabel('号数');
      await expect(size).toBeFocused();
      await expect(page.getByText('このメーターは登録されていません').first()).toBeVisible();
      await expectSoundPage(page);
      await size.fill('4');
      await page.keyboard.press('Enter');

      await expect(page.getByRole('heading', { name: '登録する前に' })).toBeFocused();
      await expect(page.getByText('今日までの使用量は')).toBeVisible();
      await expect(page.getByText('新メーターは未登録のため')).toBeVisible();
      await expectSoundPage(page);
      await page.getByRole('button', { name: '取替を登録する' }).dblclick();
      await expect(page.getByRole('status')).toHaveText('取替を登録しました');
      const { exchanges } = await ask(page, '/meters/{meterId}/exchanges', {
        path: { meterId: meter.meterId },
      });
      expect(exchanges.filter(({ fitted }) => fitted.meterSerial === serial)).toHaveLength(1);
      await expectSoundPage(page);

      await page.getByRole('link', { name: 'メーターの画面へ戻る' }).click();
      await expect(page.getByText(/^このメーターは .* に取り外されています$/)).toBeVisible();
      await expect(page.getByRole('row').filter({ hasText: serial })).toBeVisible();
      await page.getByRole('link', { name: '取替の記録を見る' }).click();
      const undo = await tabTo(page, 'button', '取替を取り消す');
      await undo.press('Enter');
      const dialog = page.getByRole('dialog');
      await expect(dialog).toContainText(serial);
      await expectSoundPage(page);
      await dialog.getByRole('button', { name: '取替を取り消す' }).click();
      await expect(page.getByRole('status')).toHaveText('取替を取り消しました');
      await page.getByRole('link', { name: 'メーターの画面へ戻る' }).click();
      await expect(page.getByRole('link', { name: '取替を登録する' })).toBeVisible();
      const after = await ask(page, '/meters/{meterId}', { path: { meterId: meter.meterId } });
      expect(after.fittings).toEqual(meter.fittings);
    },
  );

  test('over closings of which files were made is registered once each of them is ticked', async ({
    page,
    playwright,
    register,
  }) => {
    const clerk = await playwright.request.newContext({ baseURL: product().url });
    const { login, password } = await register.openAccount('billing');
    const { utilityCode, households } = product();
    await signIn(clerk, { provider: 'staff', form: { utilityCode, login, password } });
    const { days } = await (await clerk.get('/api/v1/closing-days')).json();
    for (const { closingDay, latest } of days) {
      const month = monthOf(latest.closesOn);
      const params = { closingDay, from: month, to: month, format: 'machine' };
      expect((await clerk.get('/api/v1/closings/file', { params })).status()).toBe(200);
    }
    await clerk.dispose();

    const { terminalNumber } = households.exchangedOverFile;
    const { rows } = await ask(page, '/meters', { query: { q: terminalNumber } });
    await page.goto(`/meters/${rows[0]!.meterId}/exchange`);
    // Before the latest closing of each closing day.
    await page.getByLabel('取替日時').fill(`${daysAgo(40)}T10:30`);
    await page.getByLabel('新メーター製造番号').fill(`78${randomInt(1e9, 1e10)}`);
    await page.getByLabel('新メーターは未登録なので').check();
    await page.getByLabel('号数').fill('4');
    await page.getByRole('button', { name: '影響を確かめる' }).click();
    const filed = page.getByRole('checkbox', { name: /検針ファイルは作成済みです/ });
    await expect(filed.first()).toBeVisible();
    await page.getByRole('button', { name: '取替を登録する' }).click();
    await expect(page.getByText('チェックのない締めがあります')).toBeVisible();
    await expectSoundPage(page);
    for (const closing of await filed.all()) await closing.check();
    await page.getByRole('button', { name: '取替を登録する' }).click();
    await expect(page.getByRole('status')).toHaveText('取替を登録しました');
  });

  test('with invalid values is refused at its field, and the entered values stay', async ({
    page,
  }) => {
    // Not the household of the journey above, whose meter may be exchanged just now.
    const { terminalNumber } = product().households.foundAtDesk;
    const { rows } = await ask(page, '/meters', { query: { q: terminalNumber } });
    await page.goto(`/meters/${rows[0]!.meterId}/exchange`);
    await page.getByRole('button', { name: '影響を確かめる' }).click();
    await expect(page.getByText('数字 1〜12 桁で入れてください')).toBeVisible();
    const exchangedAt = page.getByLabel('取替日時');
    await exchangedAt.fill('2199-01-01T09:00');
    await page.getByLabel('新メーター製造番号').fill('７７７');
    await page.getByRole('button', { name: '影響を確かめる' }).click();
    await expect(page.getByText('まだ来ていない日時です')).toBeVisible();
    await expect(exchangedAt).toBeFocused();
    await expect(exchangedAt).toHaveAttribute('aria-invalid', 'true');
    await expect(exchangedAt).toHaveValue('2199-01-01T09:00');
    await expectSoundPage(page);
  });
});
