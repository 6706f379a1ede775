'use client';

import { Chip, ChipGroup, Group, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { SupplyPointsTable } from '../../../components/collection/supply-points-table.tsx';
import { ListAnswer } from '../../../components/table/list-answer.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { COLLECTION_STATES, type CollectionState } from '../../../lib/collection/collection.ts';
import type {
  CollectionCountWire,
  CollectionWire,
} from '../../../lib/collection/collection-wire.ts';
import type { ListAddress } from '../use-list-address.ts';
import { listedState, supplyPointsRequest } from './collection-address.ts';
import { useSupplyPoints } from './use-collection.ts';

interface SupplyPointsListProps {
  collection: CollectionWire;
  total: CollectionCountWire;
  address: ListAddress;
}

/** Supply points behind the counts, of one state at a time; by default the state that needs action. */
export function SupplyPointsList({ collection, total, address }: SupplyPointsListProps) {
  const t = useTranslations('collection');
  const state = listedState(address.get, collection);
  const query = useSupplyPoints(supplyPointsRequest(address.get, collection));
  return (
    <section aria-label={t('list')}>
      <Title order={2} size="h4" mb="xs">
        {t('list')}
      </Title>
      <StateChoice
        total={total}
        state={state}
        onState={(chosen) => address.filter({ state: chosen })}
      />
      <ListAnswer
        query={query}
        part={address.part}
        onOffset={address.goTo}
        skeletonRows={4}
        empty={
          <EmptyState title={t('noneInState', { state: t(`state.${state}`) })}>
            {t('noneInStateDetail')}
          </EmptyState>
        }
      >
        {(supplyPoints) => (
          <SupplyPointsTable
            supplyPoints={supplyPoints}
            kind={state === 'missing' || state === 'notYetDue' ? 'missing' : 'arrived'}
            day={collection.day}
          />
        )}
      </ListAnswer>
    </section>
  );
}

interface StateChoiceProps {
  total: CollectionCountWire;
  state: CollectionState;
  onState: (state: string) => void;
}

function StateChoice({ total, state, onState }: StateChoiceProps) {
  const t = useTranslations('collection');
  const shown = COLLECTION_STATES.filter(
    (candidate) => total[candidate] > 0 || candidate === 'missing' || candidate === state,
  );
  return (
    <ChipGroup multiple={false} value={state} onChange={onState}>
      <Group gap="xs" mb="sm">
        {shown.map((candidate) => (
          <Chip key={candidate} value={candidate} size="sm">
            {t(`state.${candidate}`)} {total[candidate]}
          </Chip>
        ))}
      </Group>
    </ChipGroup>
  );
}
