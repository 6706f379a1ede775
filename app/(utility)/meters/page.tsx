import { getTranslations } from 'next-intl/server';
import { allowPage } from '../../page-access.ts';
import { MeterList } from './meter-list.tsx';

export async function generateMetadata() {
  const t = await getTranslations('meters');
  return { title: t('title') };
}

export default async function MetersPage() {
  await allowPage('meter.read');
  return <MeterList />;
}
