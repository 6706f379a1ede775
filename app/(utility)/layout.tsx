import { NextIntlClientProvider } from 'next-intl';
import { getMessages } from 'next-intl/server';
import type { ReactNode } from 'react';
import { TodayProvider } from '../../components/shell/today.tsx';
import { getOwnUtility } from '../../lib/accounts/session-queries.ts';
import { capabilitiesOf } from '../../lib/actor.ts';
import { MESSAGE_PARTS, type MessagePart, pickMessages } from '../../lib/i18n/messages.ts';
import { listWork } from '../../lib/work-list/work-list-queries.ts';
import type { WorkListWire } from '../../lib/work-list/work-list-wire.ts';
import { requireStaff } from '../page-access.ts';
import { StaffFrame } from './staff-frame.tsx';

/** Message parts that the staff pages do not need: those of sign-in, of household pages and of mails. */
const ELSEWHERE: readonly MessagePart[] = ['auth', 'consumer', 'mail'];
const TEXTS = MESSAGE_PARTS.filter((part) => !ELSEWHERE.includes(part));

export default async function UtilityLayout({ children }: { children: ReactNode }) {
  const { actor, displayName, now, read } = await requireStaff();
  if (actor.kind !== 'staff') return null;
  const { utility, work } = await read(async (db) => ({
    utility: await getOwnUtility(db, actor),
    work: await listWork(db, actor, { order: 'litres', limit: 1, now }),
  }));
  // As the API answers it: instants are text.
  const openWork: WorkListWire = { ...work, asOf: work.asOf.toISOString() };
  return (
    <NextIntlClientProvider messages={pickMessages(await getMessages(), TEXTS)}>
      <StaffFrame
        utilityName={utility.name}
        displayName={displayName}
        person={`${actor.utilityId}:${actor.accountId}`}
        role={actor.role}
        openWork={openWork}
        capabilities={capabilitiesOf(actor)}
      >
        <TodayProvider now={now}>{children}</TodayProvider>
      </StaffFrame>
    </NextIntlClientProvider>
  );
}
