import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { OwnUsage } from './own-usage.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('consumer');
  return { title: t('title') };
}

export default function MyPage() {
  return <OwnUsage />;
}
