import { getTranslations } from 'next-intl/server';
import { allowPage } from '../../page-access.ts';
import { PressureView } from './pressure-view.tsx';

export async function generateMetadata() {
  const t = await getTranslations('pressure');
  return { title: t('title') };
}

export default async function PressurePage() {
  await allowPage('pressure.read');
  return <PressureView />;
}
