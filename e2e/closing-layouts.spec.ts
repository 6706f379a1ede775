import { expect, type Page } from '@playwright/test';
import { monthOf } from '../lib/time.ts';
import { ask, bytesOf } from './answers.ts';
import { test } from './journey.ts';
import { expectSoundPage } from './page-checks.ts';
import { product } from './product.ts';
import { signIn } from './sign-in.ts';

test.beforeEach(async ({ context, register }) => {
  const { login, password } = await register.openAccount('billing');
  const { utilityCode } = product();
  await signIn(context.request, { provider: 'staff', form: { utilityCode, login, password } });
});

const previewOf = (page: Page) => page.getByRole('region', { name: 'ファイルの行' });

test.describe('layouts of closing files', () => {
  test('are made from a built-in one with its lines in view, offered, removed and brought back', {
    tag: '@phone',
  }, async ({ page, isMobile }) => {
    const name = `販売管理${isMobile ? '・携帯' : ''}`;
    await page.goto('/closing');
    await page.getByRole('link', { name: 'ファイル形式を編集する' }).click();
    await page.getByRole('button', { name: '写して新しく作る' }).click();
    await expect(previewOf(page)).toContainText('お客様番号,設置場所番号,地区');
    await page.getByLabel('日付').selectOption('era-kanji');
    await expect(previewOf(page)).toContainText(/令和\d+年\d+月\d+日/);
    await page.getByLabel('区切り').selectOption('tab');
    await page.getByLabel('見出し', { exact: true }).first().fill('顧客コード');
    await expect(previewOf(page)).toContainText('顧客コード\t設置場所番号');
    await page.getByRole('button', { name: '15列目を除く' }).click();
    await expect(previewOf(page)).not.toContainText('備考');
    await expectSoundPage(page);
    await page.getByLabel('名称').fill(name);
    await page.getByRole('button', { name: '保存する', exact: true }).click();
    await expect(page.getByText(`「${name}」を保存しました`)).toBeVisible();
    await page.getByRole('button', { name: `「${name}」を削除する` }).click();
    await page.getByRole('button', { name: `「${name}」を元に戻す` }).click();
    await expect(page.getByRole('button', { name: `「${name}」を削除する` })).toBeVisible();
    await expectSoundPage(page);
  });

  test('write the file that is chosen by their name', async ({ page }) => {
    const { days } = await ask(page, '/closing-days', {});
    const { closingDay, latest } = days[0]!;
    await page.goto('/closing/layouts');
    await page.getByRole('button', { name: '写して新しく作る' }).click();
    await page.getByLabel('名称').fill('固定長');
    await page.getByLabel('区切り').selectOption('fixed');
    // The built-in headers and remarks are wider than ten bytes: what does not fit is named, and nothing is saved.
    await expect(page.getByRole('button', { name: '保存する', exact: true })).toBeDisabled();
    await page.getByLabel('見出し行').selectOption('no');
    const widths = page.getByLabel('バイト数');
    for (let at = 0; at < (await widths.count()); at += 1) await widths.nth(at).fill('60');
    await page.getByRole('button', { name: '保存する', exact: true }).click();
    await expect(page.getByText('「固定長」を保存しました')).toBeVisible();
    await page.goto(`/closing?day=${closingDay}&month=${monthOf(latest.closesOn)}`);
    await page.getByRole('combobox', { name: 'ファイルの種類' }).click();
    await page.getByRole('option', { name: '固定長' }).click();
    const saving = page.waitForEvent('download');
    await page
      .getByRole('button', { name: /を保存する/ })
      .first()
      .click();
    const file = await saving;
    expect(file.suggestedFilename()).toMatch(/-layout\d+-v1\.txt$/);
    const lines = (await bytesOf(file)).toString('latin1').split('\r\n').slice(0, -1);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toHaveLength(15 * 60);
  });
});
