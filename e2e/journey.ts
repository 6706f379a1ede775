/**
 * Test function of all journeys. A journey also fails on a console error, on a request to another host, and on an
 * answer of 400 or above that it did not announce with `test.use({ refusals: [403] })`.
 */
import { type BrowserContext, test as base, type Page } from '@playwright/test';
import { isShifted } from '../db/private-server/shifted-clock.ts';
import { untilAlive } from './page-checks.ts';
import { product } from './product.ts';
import { createRegister, type Register } from './register.ts';
import { signIn, type Visitor, visitorOf } from './sign-in.ts';

interface Options {
  /** Statuses that this journey provokes. */
  refusals: readonly number[];
}

interface Fixtures {
  /** Sets the pages' clock to this process's, which a run at another date has shifted (bin/clock.mjs). */
  sameClock: undefined;
  /** Signs in with a session that the worker's other journeys of this visitor share: do not sign out of it. */
  enterAs: (visitor: Visitor) => Promise<void>;
  watch: undefined;
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

interface WorkerFixtures {
  register: Register;
  /** Cookies of a visitor, who signs in at the first call. */
  cookiesOf: (visitor: Visitor) => Promise<Cookies>;
}

export const test = base.extend<Options & Fixtures, WorkerFixtures>({
  refusals: [[], { option: true }],
  baseURL: async ({ browserName: _ }, use) => use(product().url),
  sameClock: [
    async ({ context }, use) => {
      if (isShifted(process.env)) await context.clock.install({ time: new Date() });
      await use(undefined);
    },
    { auto: true },
  ],
  // Server-rendered pages are visible before their buttons work, so a journey waits.
  page: async ({ page, javaScriptEnabled }, use) => {
    const { goto, reload } = page;
    if (javaScriptEnabled !== false) {
      page.goto = async (...given) => andAlive(page, await goto.apply(page, given));
      page.reload = async (...given) => andAlive(page, await reload.apply(page, given));
    }
    await use(page);
  },
  enterAs: async ({ context, cookiesOf }, use) =>
    use(async (visitor) => context.addCookies(await cookiesOf(visitor))),
  cookiesOf: [
    async ({ playwright }, use) => {
      const signedIn = new Map<Visitor, Promise<Cookies>>();
      const enter = async (visitor: Visitor): Promise<Cookies> => {
        const request = await playwright.request.newContext({ baseURL: product().url });
        try {
          await signIn(request, visitorOf(product(), visitor));
          return (await request.storageState()).cookies;
        } finally {
          await request.dispose();
        }
      };
      await use((visitor) => {
        const cookies = signedIn.get(visitor) ?? enter(visitor);
        signedIn.set(visitor, cookies);
        return cookies;
      });
    },
    { scope: 'worker' },
  ],
  register: [
    async ({ browserName: _ }, use) => {
      const register = createRegister(product().adminUrl);
      await use(register);
      await register.close();
    },
    { scope: 'worker' },
  ],
  watch: [
    async ({ page, refusals }, use) => {
      const faults = watchFaults(page, refusals);
      await use(undefined);
      base.expect(faults, 'what went wrong beside the journey').toEqual([]);
    },
    { auto: true },
  ],
});

async function andAlive<Answer>(page: Page, answer: Answer): Promise<Answer> {
  await untilAlive(page);
  return answer;
}

/** Collects faults that must not occur on any page. */
function watchFaults(page: Page, refusals: readonly number[]): string[] {
  const faults: string[] = [];
  const { host } = new URL(product().url);
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    // Refused answers are judged by their status below; the browser's own message says less.
    if (message.type() !== 'error' || message.text().startsWith('Failed to load resource')) return;
    faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol) && url.host !== host) {
      faults.push(`foreign request: ${request.url()}`);
    }
  });
  page.on('response', (response) => {
    if (response.status() < 400 || refusals.includes(response.status())) return;
    faults.push(`${response.status()} for ${response.url()}`);
  });
  return faults;
}
