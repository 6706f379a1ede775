import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { capabilitiesOf } from '../../../../lib/actor.ts';
import { FirstAnswers } from '../../../first-answers.tsx';
import { allowPage } from '../../../page-access.ts';
import { LayoutsView } from './layouts-view.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('layouts');
  return { title: t('title') };
}

export default async function LayoutsPage() {
  const { actor } = await allowPage('closing.read');
  return (
    <FirstAnswers
      asks={async (ask) => {
        await Promise.all([ask('/closings/layouts', {}), ask('/closing-days', {})]);
      }}
    >
      <LayoutsView mayChange={capabilitiesOf(actor).includes('closing.layout')} />
    </FirstAnswers>
  );
}
