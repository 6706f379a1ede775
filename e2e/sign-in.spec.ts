import { expect, type Page } from '@playwright/test';
import { test } from './journey.ts';
import { expectSoundPage, tabTo, takeFromMenu, untilAlive } from './page-checks.ts';
import { product } from './product.ts';
import type { StaffAccount } from './register.ts';
import { signIn } from './sign-in.ts';

const TRIES_BEFORE_LOCK = 5;

async function fillStaffForm(page: Page, { login, password }: StaffAccount): Promise<void> {
  await untilAlive(page);
  await page.getByLabel('ログインID').fill(login);
  await page.getByLabel('パスワード', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'サインインする' }).click();
}

function analyst(): StaffAccount {
  return product().staff.find(({ role }) => role === 'analyst')!;
}

test.describe('signing in', () => {
  test('an anonymous visitor is sent to sign in and comes back to the page that was asked for', async ({
    page,
  }) => {
    await page.goto('/pressure?period=7d');
    await expect(page).toHaveURL(/\/sign-in\?to=/);
    await fillStaffForm(page, analyst());
    await expect(page).toHaveURL(/\/pressure\?period=7d/);
    await expect(page.getByRole('heading', { level: 1, name: '圧力' })).toBeVisible();
  });

  test("staff begin on their role's first page", async ({ page }) => {
    await page.goto('/');
    await fillStaffForm(page, analyst());
    await expect(page).toHaveURL(/\/collection$/);
    await expect(page.getByRole('link', { name: '収集状況' })).toHaveAttribute(
      'aria-current',
      'page',
    );
  });

  test('both sign-in pages are accessible, and the keyboard reaches their controls', {
    tag: '@phone',
  }, async ({ page }) => {
    await page.goto('/sign-in');
    await expectSoundPage(page);
    await tabTo(page, 'button', 'サインインする');
    await tabTo(page, 'link', 'ご家庭のガス使用量をご覧になる方');
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('登録コード')).toBeVisible();
    await expectSoundPage(page);
  });

  test('an empty form names the required fields', { tag: '@phone' }, async ({ page }) => {
    await page.goto('/sign-in');
    await untilAlive(page);
    await page.getByRole('button', { name: 'サインインする' }).click();
    await expect(page.getByLabel('ログインID')).toHaveAccessibleDescription('入力してください');
    await expectSoundPage(page);
  });

  test('the language can be changed before signing in, and stays changed', async ({ page }) => {
    await page.goto('/sign-in');
    await untilAlive(page);
    await page.getByRole('button', { name: 'English' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await page.reload();
    await expect(page.getByRole('button', { name: '日本語' })).toBeVisible();
    await expectSoundPage(page);
  });
});

test.describe('refused sign-ins', () => {
  test.use({ refusals: [401, 429] });

  test('a wrong password is refused without saying which part was wrong, and keeps the login', {
    tag: '@phone',
  }, async ({ page, register }) => {
    const { login, password } = await register.openAccount('analyst');
    await page.goto('/sign-in');
    await fillStaffForm(page, { login, password: 'not the password' });
    await expect(page.getByRole('alert').filter({ hasText: '違います' })).toContainText(
      '事業者コード、ログインID、パスワードのいずれか',
    );
    await expect(page.getByLabel('ログインID')).toHaveValue(login);
    await expectSoundPage(page);
    await fillStaffForm(page, { login, password });
    await expect(page).toHaveURL(/\/collection$/);
  });

  test('repeated failures lock the account for a while, even with the right password', async ({
    page,
    register,
  }) => {
    const { login, password } = await register.openAccount('billing');
    await page.goto('/sign-in');
    for (let attempt = 0; attempt < TRIES_BEFORE_LOCK; attempt += 1) {
      const answered = page.waitForResponse((response) =>
        response.url().includes('/callback/staff'),
      );
      await fillStaffForm(page, { login, password: `guess ${attempt}` });
      await answered;
    }
    const alert = page.getByRole('alert').filter({ hasText: '一時的に止めています' });
    await expect(alert).toHaveText(/\d{1,2}:\d{2} 以降にもう一度お試しください/);
    await expectSoundPage(page);
    await page.reload();
    await fillStaffForm(page, { login, password });
    await expect(alert).toBeVisible();
    await expect(page).toHaveURL(/\/sign-in/);
  });

  test('failures of an unknown client do not lock the account for a browser that has signed in before', async ({
    page,
    browser,
    context,
    register,
  }) => {
    const account = await register.openAccount('analyst');
    await signIn(context.request, staffForm(account));
    await page.goto('/collection');
    await takeFromMenu(page, 'サインアウト');
    await expect(page).toHaveURL(/\/sign-in/);
    const stranger = await browser.newContext({ baseURL: product().url });
    const guess = staffForm({ ...account, password: 'not the password' });
    for (let attempt = 0; attempt <= TRIES_BEFORE_LOCK; attempt += 1) {
      const status = attempt < TRIES_BEFORE_LOCK - 1 ? 401 : 429;
      await expect(signIn(stranger.request, guess)).rejects.toThrow(String(status));
    }
    await expect(signIn(stranger.request, staffForm(account))).rejects.toThrow('429');
    await stranger.close();
    await fillStaffForm(page, account);
    await expect(page).toHaveURL(/\/collection$/);
  });

  test('a household with a wrong code sees what to check', async ({ page }) => {
    await page.goto('/my/sign-in');
    await untilAlive(page);
    await page.getByLabel('お客様番号').fill('999999');
    await page.getByLabel('登録コード').fill('0000-0000-0000');
    await page.getByRole('button', { name: '使用量を見る' }).click();
    await expect(page.getByRole('alert').filter({ hasText: '違います' })).toContainText('お知らせ');
    await expect(page.getByLabel('お客様番号')).toHaveValue('999999');
  });
});

test.describe('sessions', () => {
  test.use({ refusals: [401] });

  test('signing out ends the session', { tag: '@phone' }, async ({ page, context, register }) => {
    const account = await register.openAccount('analyst');
    await signIn(context.request, staffForm(account));
    await page.goto('/collection');
    await takeFromMenu(page, 'サインアウト');
    await expect(page).toHaveURL(/\/sign-in/);
    await page.goto('/collection');
    await expect(page).toHaveURL(/\/sign-in\?to=/);
    expect((await page.request.get('/api/v1/collection')).status()).toBe(401);
  });

  test('signing out everywhere ends the session of another browser too', async ({
    page,
    browser,
    context,
    register,
  }) => {
    const account = await register.openAccount('analyst');
    const other = await browser.newContext({ baseURL: product().url });
    await signIn(other.request, staffForm(account));
    expect((await other.request.get('/api/v1/session')).status()).toBe(200);
    await signIn(context.request, staffForm(account));
    await page.goto('/collection');
    await takeFromMenu(page, 'すべての機器からサインアウト');
    await expect(page).toHaveURL(/\/sign-in/);
    expect((await other.request.get('/api/v1/session')).status()).toBe(401);
    await other.close();
  });

  test('a revoked session row ends access at once, and the page leads back to signing in', async ({
    page,
    context,
    register,
  }) => {
    const account = await register.openAccount('analyst');
    await signIn(context.request, staffForm(account));
    await page.goto('/meters');
    await expect(page.getByRole('heading', { level: 1, name: 'メーター' })).toBeVisible();
    await register.revokeSessions(account.login);
    expect((await page.request.get('/api/v1/meters')).status()).toBe(401);
    await page.reload();
    await expect(page).toHaveURL(/\/sign-in\?to=%2Fmeters/);
  });
});

test.describe('the frame of the pages', () => {
  test('language and brightness are chosen in the menu and kept', { tag: '@phone' }, async ({
    page,
    enterAs,
  }) => {
    await enterAs('analyst');
    await page.goto('/collection');
    await takeFromMenu(page, '暗い画面にする');
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
    await takeFromMenu(page, 'English');
    await expect(
      page.getByRole('navigation').getByRole('link', { name: 'Collection' }),
    ).toBeVisible();
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  });

  test('the keyboard skips the menu to the content', async ({ page, enterAs }) => {
    await enterAs('analyst');
    await page.goto('/collection');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: '本文へ移動' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main')).toBeFocused();
  });
});

function staffForm({ login, password }: StaffAccount) {
  const { utilityCode } = product();
  return { provider: 'staff' as const, form: { utilityCode, login, password } };
}
