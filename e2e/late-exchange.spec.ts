import { expect, type Page } from '@playwright/test';
import { ask, daysAgo } from './answers.ts';
import { test } from './journey.ts';
import { expectSoundPage } from './page-checks.ts';
import { product } from './product.ts';

test.beforeEach(({ enterAs }) => enterAs('admin'));

const DAYS = 9;

/** A household that no other journey uses, for each width. */
function ownHousehold(project: string) {
  const { exchangedLateAtDesk, exchangedLateByPhone } = product().households;
  return project === 'desk' ? exchangedLateAtDesk : exchangedLateByPhone;
}

async function serialsOf(page: Page, meterId: number) {
  const path = { meterId };
  return (await ask(page, '/meters/{meterId}/reported-serials', { path })).serials;
}

test(
  'an exchange that is registered nine days late is offered the serial that has reported since',
  {
    tag: '@phone',
  },
  async ({ page, register }, { project }) => {
    const { terminalNumber } = ownHousehold(project.name);
    const { rows } = await ask(page, '/meters', { query: { q: terminalNumber } });
    const { meterId } = rows[0]!;
    const meterSerial = project.name === 'desk' ? '799999999971' : '799999999972';
    for (let back = DAYS; back >= 1; back -= 1) {
      await register.refuseReport({ terminalNumber, meterSerial, day: daysAgo(back) });
    }

    await page.goto(`/meters/${meterId}/exchange`);
    const note = page.getByRole('note');
    await expect(note).toContainText(`メーター ${meterSerial} から ${DAYS} 日分届いています`);
    await expectSoundPage(page);
    await note.getByRole('button', { name: 'この番号を入れる' }).click();
    await expect(page.getByLabel('新メーター製造番号')).toHaveValue(meterSerial);
    await expect(page.getByLabel('新メーターは未登録なので')).toBeChecked();
    await page.getByLabel('取替日時').fill(`${daysAgo(DAYS)}T00:30`);
    await page.getByLabel('号数').fill('4');
    await page.getByRole('button', { name: '影響を確かめる' }).click();
    await expect(page.getByRole('heading', { name: '登録する前に' })).toBeFocused();
    // Files of other journeys.
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await page.getByRole('button', { name: '取替を登録する' }).click();
    await expect(page.getByRole('status')).toHaveText('取替を登録しました');
    const { exchanges } = await ask(page, '/meters/{meterId}/exchanges', { path: { meterId } });
    expect(exchanges[0]).toMatchObject({ fitted: { meterSerial } });
    expect(await serialsOf(page, exchanges[0]!.fitted.meterId)).toEqual([]);

    await page.getByRole('button', { name: '取替を取り消す' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '取替を取り消す' }).click();
    await expect(page.getByRole('status')).toHaveText('取替を取り消しました');
    expect((await serialsOf(page, meterId)).map(({ days }) => days.length)).toEqual([DAYS]);
  },
);
