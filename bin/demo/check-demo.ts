/** `npm run demo -- --check`: checks that the pages of the three personas and the closing file have real content. */

import { z } from 'zod';
import { messageOf } from '../../lib/errors.ts';
import { lastDueDay } from '../../lib/readings/report-window.ts';
import { addDays, addMonths, dayOf, monthOf } from '../../lib/time.ts';
import { type SessionClient, signIn } from '../session-client.ts';
import { sendTestMail } from './check-mail.ts';
import { LATEST_DEMO_WINDOW } from './demo-fleet.ts';
import type { StartedDemo } from './started-demo.ts';

/** Returns what was found, or throws Error with what is missing. */
type Check = () => Promise<string>;

/** Where and when the demo is checked. */
export interface CheckScene {
  /** All requested days were due at this instant, whatever day and hour it is. */
  now: Date;
  /** Lends the address of the demo's database, as the role that owns the schema. */
  withAdminUrl: <T>(fn: (adminUrl: string) => Promise<T>) => Promise<T>;
}

/**
 * Prints one line per check.
 * @returns the exit code: 0 when all passed.
 */
export async function checkDemo(demo: StartedDemo, scene: CheckScene): Promise<number> {
  let failed = 0;
  const checks = { ...listChecks(demo, dueDays(scene.now)), ...mailChecks(demo, scene) };
  for (const [name, check] of Object.entries(checks)) {
    try {
      console.log(`ok      ${name}: ${await check()}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}: ${messageOf(error)}`);
    }
  }
  return failed === 0 ? 0 : 1;
}

/** Days that a check may request: all of their reports are due. */
interface DueDays {
  yesterday: string;
  /** Latest day whose last report window ended before today; a window may end after midnight of the following day. */
  reported: string;
  /** Month of `reported`. */
  month: string;
  /** Latest month of which every day is due. */
  wholeMonth: string;
}

export function dueDays(now: Date): DueDays {
  const reported = lastDueDay(now, LATEST_DEMO_WINDOW);
  const month = monthOf(reported);
  const isWhole = monthOf(addDays(reported, 1)) !== month;
  return {
    yesterday: addDays(dayOf(now), -1),
    reported,
    month,
    wholeMonth: isWhole ? month : addMonths(month, -1),
  };
}

function listChecks(demo: StartedDemo, due: DueDays): Record<string, Check> {
  return {
    'ingest is healthy': async () => {
      const metrics = await (await answered(await fetch(`${demo.healthUrl}/metrics`))).text();
      expect(metrics.includes('kenshin_connections'), 'the metrics lack kenshin_connections');
      return `${metrics.split('\n').filter((text) => text.startsWith('kenshin_')).length} series`;
    },
    'the worker does its jobs': async () => {
      const metrics = await (await answered(await fetch(`${demo.workerHealthUrl}/metrics`))).text();
      const failed = /^kenshin_jobs_queued\{.*state="failed"\} [1-9]/m.exec(metrics);
      expect(failed === null, `jobs have failed: ${failed?.[0]}`);
      return 'none has failed';
    },
    ...analystChecks(demo, due),
    ...billingChecks(demo, due),
    ...consumerChecks(demo, due),
    ...programChecks(demo, due),
  };
}

function analystChecks(demo: StartedDemo, { yesterday, reported }: DueDays): Record<string, Check> {
  const client = once(() => signInAs(demo, 'analyst'));
  return {
    'analyst sees the collection': async () => {
      await page(await client(), '/collection');
      const path = `/api/v1/collection?day=${reported}`;
      const { total } = await json(await client(), path, Collection);
      const arrived = total.expected - total.missing - total.notYetDue;
      expect(arrived > 0, `none of ${total.expected} day reports of ${reported} arrived`);
      expect(total.notYetDue === 0, `${total.notYetDue} reports of ${reported} are not yet due`);
      const last = (await json(await client(), '/api/v1/collection', Collection)).total;
      return `${reported}: ${arrived} of ${total.expected} arrived; ${yesterday}: ${last.notYetDue} not yet due`;
    },
    'analyst sees the pressure of both areas': async () => {
      await page(await client(), '/pressure');
      const { areas } = await json(await client(), '/api/v1/areas', Areas);
      const bands = [];
      for (const { areaId, name } of areas) {
        const period = `from=${addDays(yesterday, -29)}&to=${yesterday}`;
        const path = `/api/v1/pressure/areas/${areaId}?${period}&step=day`;
        const { summary } = await json(await client(), path, Pressure);
        // Areas created by a replay have no pressure.
        if (summary.averagePa === null) continue;
        bands.push(`${name} ${summary.lowPa}–${summary.averagePa}–${summary.highPa} Pa`);
      }
      expect(bands.length >= 2, `${bands.length} of ${areas.length} areas have pressure`);
      return bands.join(', ');
    },
    'analyst sees one meter by the hour': async () => {
      const { rows: meters, total } = await json(await client(), '/api/v1/meters?limit=1', Meters);
      const { meterId, meterSerial } = meters[0] ?? nothing('no meter is listed');
      await page(await client(), `/meters/${meterId}`);
      const path = `/api/v1/meters/${meterId}/readings?from=${addDays(reported, -2)}&to=${reported}&step=hour`;
      const { days } = await json(await client(), path, Readings);
      const hours = days.flatMap((day) => day.hours ?? []).filter((hour) => hour.usageL !== null);
      expect(hours.length > 0, `meter ${meterSerial} has no hourly usage`);
      return `${total} meters; ${meterSerial} has ${hours.length} hours of usage in 3 days`;
    },
  };
}

function billingChecks(demo: StartedDemo, { wholeMonth: month }: DueDays): Record<string, Check> {
  const client = once(() => signInAs(demo, 'billing'));
  return {
    'billing sees the closing': async () => {
      await page(await client(), '/closing');
      const path = `/api/v1/closings?closingDay=31&month=${month}`;
      const { counts } = await json(await client(), path, Closings);
      expect(counts.quality.actual > 0, 'no customer has an actual closing reading');
      return `${month} month end: ${counts.total} customers, ${counts.quality.actual} actual`;
    },
    'billing downloads the closing file': async () => {
      const path = `/api/v1/closings/file?closingDay=31&from=${month}&to=${month}&format=machine`;
      const text = await (await answered(await (await client()).get(path))).text();
      const [header, ...rows] = text.trimEnd().split('\n');
      expect(
        header ===
          'customer_number,terminal_number,meter_serial,closing_on,index_l,read_at,lag_hours,previous_index_l,usage_l,usage_m3,quality,kind,remarks,previous_difference_l,basis,previous_quality,register_m3,volume_factor,correction_l',
        `unexpected header ${header}`,
      );
      const actual = rows.filter((row) => row.includes(',actual,'));
      expect(actual.length > 0, 'the file has no actual reading');
      return `${rows.length} rows, ${actual.length} actual; first: ${rows[0]}`;
    },
  };
}

function consumerChecks(
  { url, utilityCode, households }: StartedDemo,
  { month }: DueDays,
): Record<string, Check> {
  return {
    'consumer sees the own usage': async () => {
      const { customerNumber, registrationCode } = households[0] ?? nothing('no household');
      const client = await signIn(url, 'consumer', {
        utilityCode,
        customerNumber,
        registrationCode,
      });
      await page(client, '/my');
      const { usage, lastMonth } = await json(client, `/api/v1/my/usage?month=${month}`, OwnMonth);
      const known = usage.days.filter((day) => day.usageL !== null).length;
      expect(known > 0, `${usage.month} has no day with usage`);
      expect(lastMonth?.usage.totalL != null, 'there is no last month to compare with');
      return `${usage.month}: ${usage.totalL} L on ${known} days, ${lastMonth?.usage.month}: ${lastMonth?.usage.totalL} L`;
    },
    'a stranger sees nothing': async () => {
      const response = await fetch(`${url}/api/v1/my/usage`);
      expect(response.status === 401, `an anonymous call got ${response.status}`);
      return 'anonymous calls get 401';
    },
  };
}

function programChecks({ url, apiKey }: StartedDemo, { reported }: DueDays): Record<string, Check> {
  const ask = (path: string) =>
    fetch(new URL(path, url), { headers: { authorization: `Bearer ${apiKey}` } });
  return {
    'a program reads the collection with its key, and no more': async () => {
      // A demo started by an earlier version has no key.
      if (!apiKey) nothing('this demo has no key: stop it and start it again');
      const path = `/api/v1/collection?day=${reported}`;
      const { total } = Collection.parse(await (await answered(await ask(path))).json());
      const arrived = total.expected - total.missing - total.notYetDue;
      const refused = await ask('/api/v1/closing-days');
      expect(refused.status === 403, `a route without its right answered ${refused.status}`);
      return `${reported}: ${arrived} of ${total.expected} arrived; other routes get 403`;
    },
  };
}

function mailChecks(
  { mailFolder, staff }: StartedDemo,
  { withAdminUrl }: CheckScene,
): Record<string, Check> {
  return {
    'a member of the staff gets a mail': () => {
      // A demo that was started before it had a mail server.
      if (!mailFolder) nothing('this demo has no mail server: stop it and start it again');
      const { login } = staff[0] ?? nothing('no account of the staff');
      return withAdminUrl((adminUrl) => sendTestMail({ adminUrl, login, folder: mailFolder }));
    },
  };
}

const count = z.number();
const Collection = z.object({
  total: z.object({ expected: count, missing: count, notYetDue: count }),
});
const Areas = z.object({ areas: z.array(z.object({ areaId: count, name: z.string() })) });
const pascals = z.number().nullable();
const Pressure = z.object({
  summary: z.object({ lowPa: pascals, averagePa: pascals, highPa: pascals, values: count }),
});
const Meters = z.object({
  total: count,
  rows: z.array(z.object({ meterId: count, meterSerial: z.string() })),
});
const litres = z.object({ usageL: z.number().nullable() });
const Readings = z.object({ days: z.array(z.object({ hours: z.array(litres).nullable() })) });
const Closings = z.object({
  counts: z.object({ total: count, quality: z.object({ actual: count }) }),
});
const Month = z.object({ month: z.string(), totalL: z.number().nullable(), days: z.array(litres) });
const OwnMonth = z.object({
  usage: Month,
  lastMonth: z.object({ usage: Month.omit({ days: true }) }).nullable(),
});

function signInAs({ url, utilityCode, staff }: StartedDemo, role: string): Promise<SessionClient> {
  const { login, password } =
    staff.find((account) => account.role === role) ?? nothing(`no account for ${role}`);
  return signIn(url, 'staff', { utilityCode, login, password });
}

async function page(client: SessionClient, path: string): Promise<void> {
  const response = await client.get(path);
  expect(response.status === 200, `${path} answered ${response.status}`);
  const html = await response.text();
  expect(/<html[^>]*lang="ja"/.test(html), `${path} is not a Japanese page`);
}

async function json<T>(client: SessionClient, path: string, shape: z.ZodType<T>): Promise<T> {
  return shape.parse(await (await answered(await client.get(path))).json());
}

async function answered(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw new Error(
    `${response.url} answered ${response.status}: ${(await response.text()).slice(0, 300)}`,
  );
}

function expect(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}

function nothing(message: string): never {
  throw new Error(message);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
