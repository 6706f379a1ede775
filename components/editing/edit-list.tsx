'use client';

import { Button, Text, Title } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import type { ReadingEditWire } from '../../lib/editing/edit-wire.ts';
import type { DataColumn } from '../table/data-column.ts';
import { DataTable } from '../table/data-table.tsx';
import { fileDay, fileInstant, fullDayText, instantText } from '../text/date-text.ts';
import { clockText } from '../text/hour-text.ts';
import type { Tone } from '../ui/page-answer.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { registerText } from './edit-texts.ts';

export interface EditListProps {
  edits: readonly ReadingEditWire[];
  fileName: string;
  /** Opens the decision on an edit; undefined for a person without the right. */
  onDecide?: ((edit: ReadingEditWire) => void) | undefined;
}

/** All edits of a meter's readings, the latest first: what was received, what counts, by whom and why. */
export function EditList({ edits, fileName, onDecide }: EditListProps) {
  const t = useTranslations('editing');
  const columns = useColumns(onDecide);
  const heading = (
    <Title order={2} size="h4">
      {t('list.title')}
    </Title>
  );
  return (
    <section aria-label={t('list.title')}>
      {edits.length === 0 ? (
        <>
          {heading}
          <Text c="dimmed">{t('list.none')}</Text>
        </>
      ) : (
        <DataTable
          name="meter-edits"
          caption={t('list.title')}
          heading={heading}
          columns={columns}
          rows={[...edits]}
          idOf={({ editId }) => String(editId)}
          fileName={fileName}
        />
      )}
    </section>
  );
}

const TONES: Record<ReadingEditWire['state'], Tone> = {
  proposed: 'attention',
  standing: 'done',
  refused: 'calm',
  'taken-back': 'calm',
  superseded: 'calm',
};

type Texts = ReturnType<typeof useTranslations<'editing'>>;

function useColumns(onDecide: EditListProps['onDecide']): DataColumn<ReadingEditWire>[] {
  const t = useTranslations('editing');
  const locale = useLocale();
  const columns: DataColumn<ReadingEditWire>[] = [
    {
      id: 'at',
      name: t('list.at'),
      kind: 'time',
      text: ({ day, hours }) => `${fileDay(day)} ${timeOf(hours, t)}`,
      cell: ({ day, hours }) => `${fullDayText(day, locale)} ${timeOf(hours, t)}`,
      phone: 'title',
      fixed: true,
    },
    { id: 'kind', name: t('list.kind'), text: ({ kind }) => t(`kind.${kind}`), phone: 'fact' },
    { id: 'change', name: t('list.change'), text: (edit) => changeOf(edit, t), phone: 'fact' },
    {
      id: 'reason',
      name: t('list.reason'),
      wide: true,
      text: ({ reason, note }) => reasonOf(t(`reason.${reason}`), note, t),
      phone: 'line',
    },
    { id: 'by', name: t('list.by'), text: (edit) => peopleOf(edit, t), phone: 'line' },
    {
      id: 'made',
      name: t('list.made'),
      kind: 'time',
      text: ({ madeAt }) => fileInstant(madeAt),
      cell: ({ madeAt }) => instantText(madeAt, locale),
      phone: 'fact',
    },
    {
      id: 'state',
      name: t('list.state'),
      text: ({ state }) => t(`state.${state}`),
      cell: ({ state }) => <StatusBadge tone={TONES[state]} label={t(`state.${state}`)} />,
      phone: 'aside',
    },
  ];
  if (!onDecide) return columns;
  return [...columns, decisionColumn(onDecide, t)];
}

function decisionColumn(
  onDecide: (edit: ReadingEditWire) => void,
  t: Texts,
): DataColumn<ReadingEditWire> {
  return {
    id: 'decide',
    name: t('list.decide'),
    text: () => '',
    cell: (edit) =>
      edit.state === 'standing' || edit.state === 'proposed' ? (
        <Button size="compact-sm" variant="default" onClick={() => onDecide(edit)}>
          {t(edit.state === 'proposed' ? 'list.second' : 'list.decide')}
        </Button>
      ) : null,
    phone: 'line',
  };
}

function timeOf(hours: ReadingEditWire['hours'], t: Texts): string {
  const [only] = hours;
  return hours.length === 1 && only
    ? clockText(only.hourEnding)
    : t('list.wholeDay', { count: hours.length });
}

/** What was received, and what it became, of one hour; of several, what they became. */
function changeOf({ kind, hours }: ReadingEditWire, t: Texts): string {
  const [only] = hours;
  if (hours.length !== 1 || !only) return t(`kind.${kind}`);
  const before = only.receivedL === null ? t('preview.none') : registerText(only.receivedL);
  const after = kind === 'struck' ? t('list.struck') : registerText(only.indexL);
  return `${before} → ${after}`;
}

function reasonOf(reason: string, note: string, t: Texts): string {
  return note === '' ? reason : t('list.withNote', { reason, note });
}

function peopleOf({ madeBy, secondedBy, takenBackBy }: ReadingEditWire, t: Texts): string {
  return [
    madeBy,
    ...(secondedBy === null ? [] : [t('list.seconded', { name: secondedBy })]),
    ...(takenBackBy === null ? [] : [t('list.takenBack', { name: takenBackBy })]),
  ].join(' / ');
}
