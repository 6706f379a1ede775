import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { capabilitiesOf } from '../../../../lib/actor.ts';
import { allowPage } from '../../../page-access.ts';
import { MeterView } from './meter-view.tsx';

export async function generateMetadata() {
  const t = await getTranslations('meters');
  return { title: t('title') };
}

export default async function MeterPage({ params }: { params: Promise<{ meterId: string }> }) {
  const { actor } = await allowPage('meter.read');
  const { meterId } = await params;
  if (!/^[1-9]\d{0,8}$/.test(meterId)) notFound();
  const mayExchange = capabilitiesOf(actor).includes('meter.exchange');
  return <MeterView meterId={Number(meterId)} mayExchange={mayExchange} />;
}
