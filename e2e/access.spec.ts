import { expect } from '@playwright/test';
import { test } from './journey.ts';
import { expectSoundPage } from './page-checks.ts';
import type { Visitor } from './sign-in.ts';

/** Staff pages and API resources that each visitor's role must be refused. */
const REFUSED: readonly { visitor: Visitor; pages?: string[]; resources: string[] }[] = [
  {
    visitor: 'analyst',
    pages: ['/closing', '/closing/layouts', '/meters/1/exchange', '/meters/1/edit'],
    resources: [
      '/closing-days',
      '/closings?closingDay=20&month=2026-01',
      '/closings/row?closingDay=20&month=2026-01&customer=1&supplyPoint=1',
      '/closings/layouts',
      '/work-list/closing-rows',
      '/closings/file?closingDay=20&from=2026-01&to=2026-01&format=machine',
      '/my/usage',
    ],
  },
  {
    visitor: 'billing',
    pages: ['/collection', '/pressure', '/meters/1/exchange'],
    resources: ['/collection', '/pressure/areas/1', '/my/usage'],
  },
  {
    visitor: 'household',
    resources: ['/collection', '/areas', '/meters', '/search?q=00', '/closing-days', '/work-list'],
  },
];

for (const { visitor, pages = [], resources } of REFUSED) {
  test.describe(`what is not for the ${visitor}`, () => {
    test.use({ refusals: [403] });

    if (pages.length > 0) {
      test('is a page that says so and leads back to their own', { tag: '@phone' }, async ({
        page,
        enterAs,
      }) => {
        await enterAs(visitor);
        for (const path of pages) {
          const answer = await page.goto(path);
          expect(answer?.status(), path).toBe(403);
          await expect(page.getByRole('heading', { name: '権限がありません' })).toBeVisible();
        }
        await expectSoundPage(page);
        await page.getByRole('link', { name: '最初のページへ' }).click();
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expect(page.getByRole('heading', { name: '権限がありません' })).toBeHidden();
      });
    }

    test('is refused by the API as well', async ({ page, enterAs }) => {
      await enterAs(visitor);
      for (const path of resources) {
        const answer = await page.request.get(`/api/v1${path}`);
        expect(answer.status(), path).toBe(403);
        expect(await answer.json(), path).toMatchObject({ code: 'forbidden' });
      }
    });
  });
}

test.describe('the page of the other kind of user', () => {
  test('is where a household comes that asks for a staff page', async ({ page, enterAs }) => {
    await enterAs('household');
    for (const path of ['/collection', '/pressure', '/meters/1', '/closing', '/check']) {
      await page.goto(path);
      await expect(page).toHaveURL(new RegExp(`/sign-in\\?to=${encodeURIComponent(path)}`));
      await expect(page.getByLabel('ログインID')).toBeVisible();
    }
  });

  test('is where staff come that ask for a household’s page', async ({ page, enterAs }) => {
    await enterAs('admin');
    await page.goto('/my');
    await expect(page).toHaveURL(/\/my\/sign-in\?to=%2Fmy$/);
    await expect(page.getByLabel('登録コード')).toBeVisible();
  });
});

test.describe('without a sign-in', () => {
  test.use({ refusals: [404] });

  test('every resource asks for a sign-in', async ({ page }) => {
    const resources = [
      ...['/session', '/collection', '/areas', '/meters', '/search?q=00', '/closing-days'],
      '/my/usage',
    ];
    for (const path of resources) {
      expect((await page.request.get(`/api/v1${path}`)).status(), path).toBe(401);
    }
  });

  test('an address that does not exist says so and leads back', { tag: '@phone' }, async ({
    page,
    enterAs,
  }) => {
    await enterAs('analyst');
    await page.goto('/no-such-page');
    await expect(page.getByRole('heading', { name: 'ページが見つかりません' })).toBeVisible();
    await expectSoundPage(page);
    await page.getByRole('link', { name: '最初のページへ' }).click();
    await expect(page).toHaveURL(/\/collection$/);
  });
});
