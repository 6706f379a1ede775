/** Texts of the pages: one file per part and language, messages/<language>/<part>.json; the part is the namespace. */
import type auth from '../../messages/ja/auth.json';
import type charts from '../../messages/ja/charts.json';
import type check from '../../messages/ja/check.json';
import type closing from '../../messages/ja/closing.json';
import type collection from '../../messages/ja/collection.json';
import type common from '../../messages/ja/common.json';
import type consumer from '../../messages/ja/consumer.json';
import type editing from '../../messages/ja/editing.json';
import type estimation from '../../messages/ja/estimation.json';
import type exchange from '../../messages/ja/exchange.json';
import type layouts from '../../messages/ja/layouts.json';
import type mail from '../../messages/ja/mail.json';
import type meter from '../../messages/ja/meter.json';
import type meters from '../../messages/ja/meters.json';
import type period from '../../messages/ja/period.json';
import type pressure from '../../messages/ja/pressure.json';
import type refusals from '../../messages/ja/refusals.json';
import type register from '../../messages/ja/register.json';
import type table from '../../messages/ja/table.json';
import type { Locale } from './locale.ts';

export const MESSAGE_PARTS = [
  'auth',
  'charts',
  'check',
  'closing',
  'collection',
  'common',
  'consumer',
  'editing',
  'estimation',
  'exchange',
  'layouts',
  'mail',
  'meter',
  'meters',
  'period',
  'pressure',
  'refusals',
  'register',
  'table',
] as const;
export type MessagePart = (typeof MESSAGE_PARTS)[number];

/** Japanese defines the keys. */
export interface Messages {
  auth: typeof auth;
  charts: typeof charts;
  check: typeof check;
  closing: typeof closing;
  collection: typeof collection;
  common: typeof common;
  consumer: typeof consumer;
  editing: typeof editing;
  estimation: typeof estimation;
  exchange: typeof exchange;
  layouts: typeof layouts;
  mail: typeof mail;
  meter: typeof meter;
  meters: typeof meters;
  period: typeof period;
  pressure: typeof pressure;
  refusals: typeof refusals;
  register: typeof register;
  table: typeof table;
}

declare module 'next-intl' {
  interface AppConfig {
    Locale: Locale;
    Messages: Messages;
  }
}

/** Every text of a language. */
export async function loadMessages(locale: Locale): Promise<Messages> {
  const parts = await Promise.all(
    MESSAGE_PARTS.map(async (part) => {
      const file = await import(`../../messages/${locale}/${part}.json`);
      return [part, file.default] as const;
    }),
  );
  return Object.fromEntries(parts) as unknown as Messages;
}

/** The parts that a group of pages needs, so that a household does not load the staff's texts. */
export function pickMessages(messages: Messages, parts: readonly MessagePart[]): Partial<Messages> {
  return Object.fromEntries(parts.map((part) => [part, messages[part]]));
}
