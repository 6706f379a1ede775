import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { capabilitiesOf } from '../../../../lib/actor.ts';
import { FirstAnswers } from '../../../first-answers.tsx';
import { allowPage } from '../../../page-access.ts';
import { type PageProps, readAddressOf } from '../../../search-params.ts';
import { supplyPointRequest } from './supply-point-address.ts';
import { SupplyPointView } from './supply-point-view.tsx';

interface SupplyPointPageProps extends PageProps {
  params: Promise<{ supplyPointId: string }>;
}

export async function generateMetadata() {
  const t = await getTranslations('register');
  return { title: t('open') };
}

export default async function SupplyPointPage(props: SupplyPointPageProps) {
  const { actor } = await allowPage('meter.read');
  const { supplyPointId: text } = await props.params;
  if (!/^[1-9]\d{0,8}$/.test(text)) notFound();
  const supplyPointId = Number(text);
  const rights = capabilitiesOf(actor);
  const request = supplyPointRequest(await readAddressOf(props), supplyPointId);
  return (
    <FirstAnswers asks={(ask) => ask('/supply-points/{supplyPointId}', request)}>
      <SupplyPointView
        supplyPointId={supplyPointId}
        mayChange={rights.includes('register.change')}
        estimation={
          rights.includes('closing.read')
            ? {
                mayDecide: rights.includes('usage.decide'),
                mayConvert: rights.includes('estimation.write'),
              }
            : undefined
        }
      />
    </FirstAnswers>
  );
}
