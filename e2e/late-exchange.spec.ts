import { expect, type Page } from '@playwright/test';
import { instantOf } from '../lib/time.ts';
import { ask, daysAgo } from './answers.ts';
import { test } from './journey.ts';
import { expectSoundPage } from './page-checks.ts';
import { product } from './product.ts';
import { reportDays } from './terminal.ts';

test.beforeEach(({ enterAs }) => enterAs('admin'));

const DAYS = 9;
/** The day of the exchange; yesterday's report is still to come, and other journeys count yesterday. */
const EXCHANGED_DAYS_AGO = DAYS + 1;
const HALF_HOUR_MS = 30 * 60_000;

/** A household that no other journey uses, for each width. */
function ownHousehold(project: string) {
  const { exchangedLateAtDesk, exchangedLateByPhone } = product().households;
  return project === 'desk' ? exchangedLateAtDesk : exchangedLateByPhone;
}

async function serialsOf(page: Page, meterId: number) {
  const path = { meterId };
  return (await ask(page, '/meters/{meterId}/reported-serials', { path })).serials;
}

/** The meter that the latest exchange fitted. */
async function fittedLast(page: Page, meterId: number) {
  const { exchanges } = await ask(page, '/meters/{meterId}/exchanges', { path: { meterId } });
  return exchanges[0]!.fitted;
}

test(
  'an exchange that is registered nine days late is offered the serial that has reported since, and billed when its days come again',
  {
    tag: '@phone',
  },
  async ({ page, register }, { project }) => {
    test.slow();
    const { terminalNumber } = ownHousehold(project.name);
    const { rows } = await ask(page, '/meters', { query: { q: terminalNumber } });
    const { meterId } = rows[0]!;
    const place = await ask(page, '/meters/{meterId}', { path: { meterId } });
    /** The closing of the day before yesterday; that of the place has perhaps not come. */
    const rowNow = async () => (await register.closingOf(place.customerNumber!, daysAgo(2)))[0]!;
    const meterSerial = project.name === 'desk' ? '799999999971' : '799999999972';
    const days = Array.from({ length: DAYS }, (_, nth) => daysAgo(EXCHANGED_DAYS_AGO - nth));
    const exchangedAt = new Date(
      instantOf(daysAgo(EXCHANGED_DAYS_AGO), 0).getTime() + HALF_HOUR_MS,
    );
    const newMeter = { serial: meterSerial, fittedAt: exchangedAt };
    await reportDays(terminalNumber, days, newMeter);

    await registerOffered(page, meterId, meterSerial);
    const fitted = await fittedLast(page, meterId);
    expect(fitted).toMatchObject({ meterSerial });
    expect(await serialsOf(page, fitted.meterId)).toEqual([]);

    await page.getByRole('button', { name: '取替を取り消す' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '取替を取り消す' }).click();
    await expect(page.getByRole('status')).toHaveText('取替を取り消しました');
    expect((await serialsOf(page, meterId)).map(({ days: reported }) => reported.length)).toEqual([
      DAYS,
    ]);

    // Registered again. The terminal has the days still, and reports them when the cloud asks for them.
    await registerOffered(page, meterId, meterSerial);
    // Until then the closing has what the old meter counted, and says that the new one was not read.
    const before = await rowNow();
    expect(before.quality).toBe('substituted');
    await reportDays(terminalNumber, days, newMeter);
    await expect
      .poll(async () => (await rowNow()).remarks)
      .toEqual(expect.not.arrayContaining(['unvalidated']));
    const row = await rowNow();
    expect(row).toMatchObject({ meterSerial, quality: 'actual' });
    expect(row.remarks).toContain('exchanged');
    expect(row.usageL).toBeGreaterThan(before.usageL!);
    await page.goto(`/meters/${(await fittedLast(page, meterId)).meterId}`);
    await expect(page.getByRole('row').filter({ hasText: meterSerial }).first()).toBeVisible();
    await expectSoundPage(page);
  },
);

/** Registers the exchange with the serial that the page offers. */
async function registerOffered(page: Page, meterId: number, meterSerial: string): Promise<void> {
  await page.goto(`/meters/${meterId}/exchange`);
  const note = page.getByRole('note');
  await expect(note).toContainText(`メーター ${meterSerial} から ${DAYS} 日分届いています`);
  await expectSoundPage(page);
  await note.getByRole('button', { name: 'この番号を入れる' }).click();
  await expect(page.getByLabel('新メーター製造番号')).toHaveValue(meterSerial);
  await expect(page.getByLabel('新メーターは未登録なので')).toBeChecked();
  await page.getByLabel('取替日時').fill(`${daysAgo(EXCHANGED_DAYS_AGO)}T00:30`);
  await page.getByLabel('号数').fill('4');
  await page.getByRole('button', { name: '影響を確かめる' }).click();
  await expect(page.getByRole('heading', { name: '登録する前に' })).toBeFocused();
  // Files of other journeys.
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await page.getByRole('button', { name: '取替を登録する' }).click();
  await expect(page.getByRole('status')).toHaveText('取替を登録しました');
}
