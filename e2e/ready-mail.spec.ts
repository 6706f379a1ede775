import { expect, type Page } from '@playwright/test';
import { addMonths, monthOf } from '../lib/time.ts';
import { ask } from './answers.ts';
import { test } from './journey.ts';
import { expectSoundPage, tabTo } from './page-checks.ts';
import { product } from './product.ts';
import type { StaffAccount } from './register.ts';
import { signIn } from './sign-in.ts';

const ADDRESS = 'ryokin@minato-gas.example';
let account: StaffAccount;

test.beforeEach(async ({ context, register }) => {
  account = await register.openAccount('billing');
  const { login, password } = account;
  const { utilityCode } = product();
  await signIn(context.request, { provider: 'staff', form: { utilityCode, login, password } });
});

const part = (page: Page) =>
  page.getByRole('region', { name: '締められるようになったときのメール' });

/** The closing a month after the latest one of the first closing day: its day has not closed. */
async function nextClosing(page: Page) {
  const { days } = await ask(page, '/closing-days', {});
  const { closingDay, latest } = days[0]!;
  const month = addMonths(monthOf(latest.closesOn), 1);
  return { closingDay, latest, path: `/closing?day=${closingDay}&month=${month}` };
}

test.describe('a mail when the closing is ready', () => {
  test('is asked for one closing, taken back, and asked for each month', {
    tag: '@phone',
  }, async ({ page, register }) => {
    await register.setMailAddress(account.login, ADDRESS);
    const { path } = await nextClosing(page);
    await page.goto(path);
    await expect(part(page)).toContainText(
      `締められるようになったらメールで知らせる（宛先 ${ADDRESS}）`,
    );
    await tabTo(page, 'button', 'この締めだけ知らせる');
    await page.keyboard.press('Enter');
    const asked = `この締めが締められるようになったら、${ADDRESS} へメールでお知らせします。`;
    await expect(part(page)).toContainText(asked);
    await expectSoundPage(page);

    await page.reload();
    await expect(part(page)).toContainText(asked);
    await part(page).getByRole('button', { name: '取り消す' }).click();
    await expect(part(page).getByRole('button', { name: 'この締めだけ知らせる' })).toBeVisible();

    await part(page).getByRole('button', { name: '毎月知らせる' }).click();
    await expect(part(page)).toContainText(`毎月、締められるようになったら、${ADDRESS} へ`);
    await expect(part(page)).toContainText(/次は(\d+年)?\d+月\d+日の締めです。/);
    await expectSoundPage(page);
  });

  test('needs an address, and says whom to ask', { tag: '@phone' }, async ({ page }) => {
    const { path } = await nextClosing(page);
    await page.goto(path);
    await expect(part(page)).toContainText('アカウントにメールアドレスが登録されると使えます');
    await expect(part(page).getByRole('button')).toHaveCount(0);
    await expectSoundPage(page);
  });

  test('of a ready closing is offered for the next ones, beside the one that was sent', async ({
    page,
    register,
  }) => {
    await register.setMailAddress(account.login, ADDRESS);
    const { closingDay, latest } = await nextClosing(page);
    const { closesOn } = latest;
    // As the API answers once the mail server has taken the mail.
    await page.route(/\/api\/v1\/closings\/ready-mails$/, (route) => {
      const at = new Date().toISOString();
      const sent = [{ closingDay, closesOn, state: 'sent', asOf: at, sentAt: at }];
      return route.fulfill({ json: { address: ADDRESS, requests: [], sent } });
    });
    await page.goto(`/closing?day=${closingDay}&month=${addMonths(monthOf(closesOn), -3)}`);
    await expect(part(page)).toContainText(
      '次の締めから、締められるようになったらメールで知らせる',
    );
    await expect(part(page).getByRole('button')).toHaveText(['毎月知らせる']);
    await page.goto(`/closing?day=${closingDay}&month=${monthOf(closesOn)}`);
    await expect(part(page)).toContainText(
      /この締めが締められるようになったことを、.+にメールで送りました。/,
    );
  });
});

test.describe('asked twice', () => {
  test.use({ refusals: [409] });

  test('is refused with the present state', async ({ page, register, context }) => {
    await register.setMailAddress(account.login, ADDRESS);
    const { path } = await nextClosing(page);
    await page.goto(path);
    const beside = await context.newPage();
    await beside.goto(path);
    await part(beside).getByRole('button', { name: 'この締めだけ知らせる' }).click();
    await expect(part(beside).getByRole('button', { name: '取り消す' })).toBeVisible();
    await part(page).getByRole('button', { name: 'この締めだけ知らせる' }).click();
    await expect(part(page).getByRole('alert')).toContainText('受け付けられませんでした');
    await expect(part(page).getByRole('button', { name: '取り消す' })).toBeVisible();
  });
});
