import { NextIntlClientProvider } from 'next-intl';
import { getMessages } from 'next-intl/server';
import type { ReactNode } from 'react';
import { TodayProvider } from '../../components/shell/today.tsx';
import { getOwnUtility } from '../../lib/accounts/session-queries.ts';
import { type MessagePart, pickMessages } from '../../lib/i18n/messages.ts';
import { requireConsumer } from '../page-access.ts';
import { HouseholdFrame } from './household-frame.tsx';

const TEXTS: readonly MessagePart[] = ['common', 'charts', 'consumer'];

export default async function ConsumerLayout({ children }: { children: ReactNode }) {
  const { actor, displayName, now, read } = await requireConsumer();
  const utility = await read((db) => getOwnUtility(db, actor));
  return (
    <NextIntlClientProvider messages={pickMessages(await getMessages(), TEXTS)}>
      <HouseholdFrame utilityName={utility.name} customerNumber={displayName}>
        <TodayProvider now={now}>{children}</TodayProvider>
      </HouseholdFrame>
    </NextIntlClientProvider>
  );
}
