import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { capabilitiesOf } from '../../../../lib/actor.ts';
import { FirstAnswers } from '../../../first-answers.tsx';
import { allowPage } from '../../../page-access.ts';
import { EstimationView } from './estimation-view.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('estimation');
  return { title: t('title') };
}

export default async function EstimationPage() {
  const { actor } = await allowPage('closing.read');
  return (
    <FirstAnswers asks={(ask) => ask('/estimation', {})}>
      <EstimationView mayChange={capabilitiesOf(actor).includes('estimation.write')} />
    </FirstAnswers>
  );
}
