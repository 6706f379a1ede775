/** Checks that apply to every page. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/**
 * Expects no axe violations in light and in dark mode, and no horizontal scrolling; leaves the page in light mode. In
 * dark mode only the rules about colour are checked, because the elements are the same.
 */
export async function expectSoundPage(page: Page): Promise<void> {
  await untilAnswered(page);
  await showIn(page, 'dark');
  const inDark = new AxeBuilder({ page }).withRules(['color-contrast', 'link-in-text-block']);
  expect(await violationsOf(inDark), 'colours in dark').toEqual([]);
  await showIn(page, 'light');
  const inLight = new AxeBuilder({ page });
  expect(await violationsOf(inLight), 'accessibility in light').toEqual([]);
  const { width, seen } = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    seen: document.documentElement.clientWidth,
  }));
  expect(width, 'the page must not scroll sideways').toBeLessThanOrEqual(seen);
}

/** Waits a while for what is being loaded: until then the former rows are dimmed, whose colours are no fault. */
async function untilAnswered(page: Page): Promise<void> {
  const isAnswered = () => document.querySelector('[aria-busy="true"]') === null;
  await page.waitForFunction(isAnswered, undefined, { timeout: 5_000 }).catch(() => undefined);
}

async function showIn(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
}

async function violationsOf(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id} (${impact}): ${html}\n${failureSummary}`),
  );
}

/** Chooses a segment by clicking its label, because the radio button itself is hidden. */
export async function choose(page: Page, group: string, name: string): Promise<void> {
  const segments = page.getByRole('radiogroup', { name: group });
  await segments.getByText(name, { exact: true }).click();
  await expect(segments.getByRole('radio', { name, exact: true })).toBeChecked();
}

/** Waits until the page is interactive: server-rendered markup is visible before its buttons work. */
export async function untilAlive(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const parts = [...document.querySelectorAll('a, button, input, select')];
    return parts.every((part) => Object.keys(part).some((key) => key.startsWith('__reactProps')));
  });
}

/** Opens the user menu and clicks the entry. */
export async function takeFromMenu(page: Page, entry: string): Promise<void> {
  await untilAlive(page);
  await page
    .getByRole('banner')
    .getByRole('button', { name: /のメニュー$/ })
    .click();
  await page.getByRole('menuitem', { name: entry, exact: true }).click();
}

/** Presses Tab until `name` has the focus: the keyboard must reach what a mouse can click. */
export async function tabTo(page: Page, role: 'button' | 'link', name: string | RegExp) {
  const target = page.getByRole(role, { name }).first();
  await expect(target).toBeVisible();
  const MOST_STOPS = 80;
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return target;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${role} ${name} is not reached with the Tab key`);
}
