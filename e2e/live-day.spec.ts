import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { runSession } from '../ingest/simulator/awake-session.ts';
import { readFleetFile, writeWhole } from '../ingest/simulator/fleet-file.ts';
import { createMember } from '../ingest/simulator/fleet-member.ts';
import { openFleetState } from '../ingest/simulator/fleet-state.ts';
import { ask, daysAgo } from './answers.ts';
import { test } from './journey.ts';
import { product } from './product.ts';

/** Upper bound of the counters that the terminal used before it fell silent. */
const COUNTERS_THROUGH = 1_000_000;

/** Reports one day of a silent terminal and no other, whatever is requested. */
async function reportDay(terminalNumber: string, day: string): Promise<void> {
  const { fleetFile, mqttUrl } = product();
  const fleet = await readFleetFile(fleetFile);
  const spec = fleet.terminals.find(({ number }) => number === terminalNumber)!;
  const stateFile = join(tmpdir(), `kenshin-e2e-${randomBytes(6).toString('hex')}.json`);
  const terminals = {
    [terminalNumber]: { countersThrough: COUNTERS_THROUGH, historyThrough: daysAgo(30) },
  };
  await writeWhole(stateFile, JSON.stringify({ version: 1, fleetId: fleet.id, terminals }));
  const state = await openFleetState(stateFile, fleet.id);
  const { firstDay } = fleet;
  const options = { firstDay, reportFrom: firstDay, now: () => new Date() };
  const { simulated } = createMember({ ...spec, faults: [] }, state.of(terminalNumber), options);
  await runSession(
    { ...simulated, terminal: { ...simulated.terminal, open: () => undefined } },
    { link: { brokerUrl: mqttUrl }, days: () => [day], listenMs: 0 },
  );
  await state.close();
  await rm(stateFile);
}

test('an arriving day appears on the collection page without a reload', {
  tag: '@phone',
}, async ({ page, enterAs, isMobile }) => {
  // Each width has its own terminal and day, so that neither sees the other's arrival.
  const day = daysAgo(isMobile ? 3 : 4);
  const { foundAtDesk, foundByPhone } = product().households;
  const { terminalNumber } = isMobile ? foundByPhone : foundAtDesk;
  await enterAs('analyst');
  const before = await ask(page, '/collection', { query: { day } });
  expect(before.total.missing).toBeGreaterThan(0);
  await page.goto(`/collection?day=${day}&state=missing`);
  const answer = page.getByRole('main').locator('header');
  await expect(answer).toContainText(`未着 ${before.total.missing} 件`);
  const row = page.getByRole('row').filter({ hasText: terminalNumber });
  await expect(row).toBeVisible();
  await page.evaluate(() => document.body.setAttribute('data-loaded', 'once'));

  await reportDay(terminalNumber, day);

  await expect(row).toBeHidden({ timeout: 45_000 });
  await expect(page.locator('body')).toHaveAttribute('data-loaded', 'once');
  const after = await ask(page, '/collection', { query: { day } });
  expect(after.total.missing).toBe(before.total.missing - 1);
  expect(after.total.late + after.total.requested).toBe(
    before.total.late + before.total.requested + 1,
  );
});
