'use client';

import { Group, NativeSelect, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ListAnswer } from '../../../components/table/list-answer.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { MarkCard } from '../../../components/work-list/mark-card.tsx';
import { RefusedDecision } from '../../../components/work-list/refused-decision.tsx';
import classes from '../../../components/work-list/work-list.module.css';
import type { ReadingMarksWire, ReadingMarkWire } from '../../../lib/validation/mark-wire.ts';
import { MARK_RULES } from '../../../lib/validation/reading-marks.ts';
import { useListAddress } from '../use-list-address.ts';
import { PAGE_ITEMS } from './check-address.ts';
import { useMarks, useSeeMark } from './use-marks.ts';
import { useEditPreview, useSecondLook } from './use-second-looks.ts';

type Done = 'seen' | 'reopened' | 'used';

/** Marks for attention: open ones with what to do about them, and those that a user looked at. */
export function Marks({ mayEdit }: { mayEdit: boolean }) {
  const t = useTranslations('check.marks');
  const address = useListAddress(PAGE_ITEMS);
  const query = useMarks(address.get);
  const [done, setDone] = useState<Done>();
  const isSeen = address.get('seen') === '1';
  return (
    <Stack component="section" gap="md" aria-label={t('label')}>
      <Text size="sm">{t('lead')}</Text>
      <Filters
        {...{ isSeen, rule: address.get('kind') ?? '', search: address.get('q') ?? '' }}
        byRule={query.data?.byRule ?? {}}
        onFilter={address.filter}
      />
      <Text size="sm" role="status" mih="1.5em">
        {done ? t(`done.${done}`) : null}
      </Text>
      <ListAnswer
        query={query}
        part={address.part}
        onOffset={address.goTo}
        empty={
          isSeen ? (
            <EmptyState title={t('noneSeen')} />
          ) : (
            <EmptyState title={t('none')}>{t('noneDetail')}</EmptyState>
          )
        }
      >
        {(marks) => (
          <Stack component="ul" gap="sm" className={classes.plain}>
            {marks.map((mark) => (
              <Mark
                key={`${mark.meterId} ${mark.rule} ${mark.fromOn} ${mark.seenAt ?? ''}`}
                {...{ mark, mayEdit, onDone: setDone }}
              />
            ))}
          </Stack>
        )}
      </ListAnswer>
    </Stack>
  );
}

interface FiltersProps {
  isSeen: boolean;
  rule: string;
  search: string;
  byRule: ReadingMarksWire['byRule'];
  onFilter: (change: Record<string, string | undefined>) => void;
}

function Filters({ isSeen, rule, search, byRule, onFilter }: FiltersProps) {
  const t = useTranslations('check');
  const [typed, setTyped] = useState(search);
  return (
    <Group gap="sm" align="end">
      <SegmentedControl
        aria-label={t('marks.state.label')}
        value={isSeen ? 'seen' : 'open'}
        onChange={(value) => onFilter({ seen: value === 'seen' ? '1' : undefined })}
        data={[
          { value: 'open', label: t('marks.state.open') },
          { value: 'seen', label: t('marks.state.seen') },
        ]}
      />
      <NativeSelect
        label={t('marks.kind')}
        value={rule}
        onChange={({ currentTarget }) => onFilter({ kind: currentTarget.value || undefined })}
        data={[
          { value: '', label: t('marks.allKinds') },
          ...MARK_RULES.map((each) => ({
            value: each,
            label: t('marks.kindCount', {
              rule: t(`marks.rule.${each}`),
              count: byRule[each] ?? 0,
            }),
          })),
        ]}
      />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onFilter({ q: typed.trim() || undefined });
        }}
      >
        <TextInput
          label={t('filter.search')}
          value={typed}
          maxLength={64}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          onBlur={() => {
            if (typed.trim() !== search) onFilter({ q: typed.trim() || undefined });
          }}
        />
      </form>
    </Group>
  );
}

interface MarkProps {
  mark: ReadingMarkWire;
  mayEdit: boolean;
  onDone: (done: Done) => void;
}

function Mark({ mark, mayEdit, onDone }: MarkProps) {
  const see = useSeeMark();
  const editId = mark.facts.editId ?? 0;
  const preview = useEditPreview(editId);
  const takeBack = useSecondLook(editId);
  const { meterId, rule, fromOn } = mark;
  return (
    <>
      <MarkCard
        {...{ mark, mayEdit, preview: preview.data }}
        isBusy={see.isPending || preview.isPending || takeBack.isPending}
        onSee={(note) =>
          see.mutate(
            { meterId, rule, fromOn, isSeen: true, ...(note === '' ? {} : { note }) },
            { onSuccess: () => onDone('seen') },
          )
        }
        onReopen={() =>
          see.mutate(
            { meterId, rule, fromOn, isSeen: false },
            { onSuccess: () => onDone('reopened') },
          )
        }
        onAskUse={() => preview.mutate()}
        onKeep={() => preview.reset()}
        onUse={() =>
          takeBack.mutate(
            { agreed: null, issued: preview.data?.issued ?? [] },
            { onSuccess: () => onDone('used') },
          )
        }
      />
      <RefusedDecision error={see.error ?? takeBack.error ?? preview.error} />
    </>
  );
}
