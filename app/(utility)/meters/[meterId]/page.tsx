import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { capabilitiesOf } from '../../../../lib/actor.ts';
import { dayOf } from '../../../../lib/time.ts';
import { FirstAnswers } from '../../../first-answers.tsx';
import { allowPage } from '../../../page-access.ts';
import { type PageProps, readAddressOf } from '../../../search-params.ts';
import { readingsRequest } from '../meter-address.ts';
import { MeterView } from './meter-view.tsx';

interface MeterPageProps extends PageProps {
  params: Promise<{ meterId: string }>;
}

export async function generateMetadata() {
  const t = await getTranslations('meters');
  return { title: t('title') };
}

export default async function MeterPage(props: MeterPageProps) {
  const { actor, now } = await allowPage('meter.read');
  const rights = capabilitiesOf(actor);
  const { meterId: text } = await props.params;
  if (!/^[1-9]\d{0,8}$/.test(text)) notFound();
  const meterId = Number(text);
  const read = await readAddressOf(props);
  const readings = readingsRequest(read, { meterId, today: dayOf(now) });
  return (
    <FirstAnswers
      asks={async (ask) => {
        const meter = await ask('/meters/{meterId}', { path: { meterId } });
        if (meter) await ask('/meters/{meterId}/readings', readings);
      }}
    >
      <MeterView
        meterId={meterId}
        mayExchange={rights.includes('meter.exchange')}
        mayEdit={rights.includes('reading.edit')}
        mayReadPressure={rights.includes('pressure.read')}
      />
    </FirstAnswers>
  );
}
