import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { allowPage } from '../../../../page-access.ts';
import { EditView } from './edit-view.tsx';

export async function generateMetadata() {
  const t = await getTranslations('editing');
  return { title: t('open') };
}

export default async function EditPage({ params }: { params: Promise<{ meterId: string }> }) {
  await allowPage('reading.edit');
  const { meterId } = await params;
  if (!/^[1-9]\d{0,8}$/.test(meterId)) notFound();
  return <EditView meterId={Number(meterId)} />;
}
