import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { dayOf } from '../../../lib/time.ts';
import { FirstAnswers } from '../../first-answers.tsx';
import { requireConsumer } from '../../page-access.ts';
import { type PageProps, readAddressOf } from '../../search-params.ts';
import { OwnUsage } from './own-usage.tsx';
import { ownDay, ownMonth, ownMonthRequest, ownPeriod } from './own-usage-address.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('consumer');
  return { title: t('title') };
}

export default async function MyPage(props: PageProps) {
  const { now } = await requireConsumer();
  const read = await readAddressOf(props);
  const day = ownDay(read);
  return (
    <FirstAnswers
      asks={async (ask) => {
        const request = ownMonthRequest(ownMonth(read), ownPeriod(read));
        const month = await ask('/my/usage', request, dayOf(now));
        if (month && day !== undefined) await ask('/my/hours', { query: { day } });
      }}
    >
      <OwnUsage />
    </FirstAnswers>
  );
}
