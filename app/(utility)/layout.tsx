import { NextIntlClientProvider } from 'next-intl';
import { getMessages } from 'next-intl/server';
import type { ReactNode } from 'react';
import { TodayProvider } from '../../components/shell/today.tsx';
import { getOwnUtility } from '../../lib/accounts/session-queries.ts';
import { capabilitiesOf } from '../../lib/actor.ts';
import { MESSAGE_PARTS, pickMessages } from '../../lib/i18n/messages.ts';
import { requireStaff } from '../page-access.ts';
import { StaffFrame } from './staff-frame.tsx';

/** Message parts of the staff pages: all but those of sign-in and household pages. */
const TEXTS = MESSAGE_PARTS.filter((part) => part !== 'auth' && part !== 'consumer');

export default async function UtilityLayout({ children }: { children: ReactNode }) {
  const { actor, displayName, now, read } = await requireStaff();
  if (actor.kind !== 'staff') return null;
  const utility = await read((db) => getOwnUtility(db, actor));
  return (
    <NextIntlClientProvider messages={pickMessages(await getMessages(), TEXTS)}>
      <StaffFrame
        utilityName={utility.name}
        displayName={displayName}
        person={`${actor.utilityId}:${actor.accountId}`}
        role={actor.role}
        capabilities={capabilitiesOf(actor)}
      >
        <TodayProvider now={now}>{children}</TodayProvider>
      </StaffFrame>
    </NextIntlClientProvider>
  );
}
