import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { allowPage } from '../../../../page-access.ts';
import { ExchangeView } from './exchange-view.tsx';

export async function generateMetadata() {
  const t = await getTranslations('exchange');
  return { title: t('open') };
}

export default async function ExchangePage({ params }: { params: Promise<{ meterId: string }> }) {
  await allowPage('meter.exchange');
  const { meterId } = await params;
  if (!/^[1-9]\d{0,8}$/.test(meterId)) notFound();
  return <ExchangeView meterId={Number(meterId)} />;
}
