import { getTranslations } from 'next-intl/server';
import { type Ask, FirstAnswers } from '../../first-answers.tsx';
import { allowPage } from '../../page-access.ts';
import { type PageProps, readAddressOf } from '../../search-params.ts';
import type { Read } from '../list-place.ts';
import {
  areaRequest,
  chosenArea,
  openList,
  pressureFilter,
  pressureListRequest,
  pressurePart,
} from './pressure-place.ts';
import { PressureView } from './pressure-view.tsx';

export async function generateMetadata() {
  const t = await getTranslations('pressure');
  return { title: t('title') };
}

export default async function PressurePage(props: PageProps) {
  await allowPage('pressure.read');
  const read = await readAddressOf(props);
  return (
    <FirstAnswers asks={(ask) => askArea(ask, read)}>
      <PressureView />
    </FirstAnswers>
  );
}

async function askArea(ask: Ask, read: Read) {
  const answer = await ask('/areas', {});
  const area = answer && chosenArea(read, answer.areas);
  if (!area) return;
  const filter = pressureFilter(read, area.areaId, new Date());
  const list = pressureListRequest(filter, pressurePart(read));
  await Promise.all([
    ask('/pressure/areas/{areaId}', areaRequest(filter)),
    openList(read) === 'hours'
      ? ask('/pressure/areas/{areaId}/excursions', list)
      : ask('/pressure/areas/{areaId}/meters', list),
  ]);
}
