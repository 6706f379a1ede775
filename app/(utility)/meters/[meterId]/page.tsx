import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { allowPage } from '../../../page-access.ts';
import { MeterView } from './meter-view.tsx';

export async function generateMetadata() {
  const t = await getTranslations('meters');
  return { title: t('title') };
}

export default async function MeterPage({ params }: { params: Promise<{ meterId: string }> }) {
  await allowPage('meter.read');
  const { meterId } = await params;
  if (!/^[1-9]\d{0,8}$/.test(meterId)) notFound();
  return <MeterView meterId={Number(meterId)} />;
}
