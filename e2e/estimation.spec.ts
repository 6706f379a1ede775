/** Setting of estimation, what is known of a place, and a register that comes after another was entered by hand. */
import { randomUUID } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { ask, daysAgo } from './answers.ts';
import { test } from './journey.ts';
import { expectSoundPage } from './page-checks.ts';
import { product } from './product.ts';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

function homeOf(isMobile: boolean) {
  const { markedAtDesk, markedByPhone } = product().households;
  return isMobile ? markedByPhone : markedAtDesk;
}

async function meterOf(page: Page, q: string): Promise<number> {
  const { rows } = await ask(page, '/meters', { query: { q } });
  return rows[0]!.meterId;
}

test('an administrator reads what estimation does and sets it', { tag: '@phone' }, async ({
  page,
  enterAs,
}) => {
  await enterAs('admin');
  await page.goto('/closing/estimation');
  await expect(heading(page)).toContainText('推定の設定');
  await expect(page.getByRole('region', { name: 'この設定のはたらき' })).toContainText(
    '要確認に残します',
  );
  await press(page, '設定を変える');
  await page.getByRole('checkbox', { name: /前後の値から補う/ }).check();
  await page.getByLabel('前後の値の間隔').fill('100');
  await press(page, '保存する');
  await expect(page.getByText('2から72までの整数')).toBeVisible();
  await expectSoundPage(page);
  // The other journeys make closings: they stay without estimates.
  await page.getByRole('checkbox', { name: /前後の値から補う/ }).uncheck();
  await page.getByRole('radio', { name: '推定しない' }).check();
  await press(page, '保存する');
  await expect(page.getByRole('status')).toContainText('設定を保存しました');
  await expect(page.getByText('設定した人：管理者')).toBeVisible();
  await expectSoundPage(page);
});

test('absence and a pressure factor of a place are recorded and withdrawn', {
  tag: '@phone',
}, async ({ page, enterAs, isMobile }) => {
  await enterAs('admin');
  const meterId = await meterOf(page, homeOf(isMobile).terminalNumber);
  const { supplyPointId } = await ask(page, '/meters/{meterId}', { path: { meterId } });
  await page.goto(`/supply-points/${supplyPointId}`);
  const section = page.getByRole('region', { name: '不在・災害と圧力換算' });
  await expect(section).toContainText('記録はありません');
  await press(page, '不在・災害を記録する');
  const form = page.getByRole('form', { name: '不在・災害を記録する' });
  await form.getByLabel('最初の日').fill('2030-04-02');
  await form.getByLabel('最後の日').fill('2030-04-01');
  await press(page, '記録する');
  await expect(form).toContainText('最初の日より前にはできません');
  await expect(form).toContainText('理由を入れてください');
  await form.getByLabel('最後の日').fill('2030-04-20');
  await form.getByLabel('理由').fill('届出');
  await expectSoundPage(page);
  await press(page, '記録する');
  await expect(section.getByText('記録しました。', { exact: true })).toBeVisible();
  await expect(section).toContainText('不在');
  await press(page, '圧力換算係数を決める');
  const factor = page.getByRole('form', { name: '圧力換算係数を決める' });
  await factor.getByLabel('使い始める日').fill('2030-04-01');
  await factor.getByLabel(/^係数/).fill('１.０１９７');
  await factor.getByLabel('根拠').fill('供給圧力98kPa');
  await press(page, '記録する');
  await expect(section).toContainText('圧力換算係数 1.0197');
  await expectSoundPage(page);
  await section.getByRole('button', { name: '取り消す' }).click();
  await section.getByText('この記録を取り消しますか？').waitFor();
  await section.getByRole('button', { name: '取り消す' }).click();
  await expect(section.getByText('記録を取り消しました。', { exact: true })).toBeVisible();
  await expect(section).not.toContainText('届出');
});

test('a register that comes after another was entered is decided on the work-list', {
  tag: '@phone',
}, async ({ page, enterAs, register, isMobile }) => {
  await enterAs('billing');
  const home = homeOf(isMobile);
  const meterId = await meterOf(page, home.terminalNumber);
  const day = daysAgo(6);
  const query = { from: day, to: day, step: 'hour' } as const;
  const { days } = await ask(page, '/meters/{meterId}/readings', { path: { meterId }, query });
  const trueL = days[0]!.hours![23]!.indexL!;
  await page.goto(`/meters/${meterId}`);
  const comeLate = await register.withhold(home.meterSerial, day);
  const entered = await page.request.post(`/api/v1/meters/${meterId}/edits`, {
    headers: { 'Idempotency-Key': randomUUID(), origin: new URL(page.url()).origin },
    data: {
      ...{ day, kind: 'entered', hourEnding: 24, indexL: trueL - 7 },
      ...{ reason: 'read-on-site', note: '' },
    },
  });
  expect(entered.status(), await entered.text()).toBe(201);
  await comeLate();
  const marks = () =>
    ask(page, '/work-list/marks', { query: { meterId, state: 'open', limit: 5, offset: 0 } });
  await expect
    .poll(async () => (await marks()).rows.map(({ rule }) => rule))
    .toContain('received-later');
  await page.goto(`/meters/${meterId}`);
  await page.getByRole('link', { name: /注意の付いた検針値/ }).click();
  const card = page.getByRole('listitem', { name: `手入力後に受信 ${home.meterSerial}` });
  await expect(card).toContainText('手入力のあとに端末の値が届いています');
  await expectSoundPage(page);
  await card.getByRole('button', { name: '手入力の値を使い続ける' }).click();
  await expect(page.getByRole('status').filter({ hasText: '確認済みにしました' })).toBeVisible();
  await expect(card).toBeHidden();
  await page.getByText('確認済み', { exact: true }).click();
  await card.getByRole('button', { name: '未確認に戻す' }).click();
  await page.getByText('未確認', { exact: true }).click();
  await card.getByRole('button', { name: '届いた値を使う' }).click();
  await expect(card).toContainText('手入力を取り消して');
  await expectSoundPage(page);
  await card.getByRole('button', { name: '届いた値を使う' }).click();
  await expect.poll(async () => (await marks()).total).toBe(0);
});
