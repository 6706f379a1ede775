import { getTranslations } from 'next-intl/server';
import { FirstAnswers } from '../../first-answers.tsx';
import { allowPage } from '../../page-access.ts';
import { type PageProps, readAddressOf } from '../../search-params.ts';
import { MeterList } from './meter-list.tsx';
import { metersRequest } from './meter-list-address.ts';

export async function generateMetadata() {
  const t = await getTranslations('meters');
  return { title: t('title') };
}

export default async function MetersPage(props: PageProps) {
  await allowPage('meter.read');
  const request = metersRequest(await readAddressOf(props));
  return (
    <FirstAnswers asks={(ask) => Promise.all([ask('/meters', request), ask('/areas', {})])}>
      <MeterList />
    </FirstAnswers>
  );
}
