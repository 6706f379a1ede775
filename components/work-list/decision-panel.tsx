'use client';

import {
  Alert,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useTranslations } from 'next-intl';
import { type ReactNode, useId } from 'react';
import type { EditReason } from '../../lib/editing/reading-edit.ts';
import { useClosingTime } from '../closing/use-closing-time.ts';
import { DECISION_REASONS, type Kind } from './decision.ts';
import classes from './work-list.module.css';

/** What a person has filled in. */
export interface DecisionDraft {
  kind: Kind | undefined;
  reason: EditReason;
  note: string;
  /** True once the issued closings that will differ are acknowledged. */
  isAcknowledged: boolean;
}

export interface ShownChoice {
  kind: Kind;
  /** Key that chooses it. */
  keyName: string;
  detail: string;
  /** What it would bill; undefined until that is known. */
  billed: string | undefined;
  /** Further effects. */
  notes: readonly string[];
}

export interface DecisionPanelProps {
  choices: readonly ShownChoice[];
  draft: DecisionDraft;
  onDraft: (change: Partial<DecisionDraft>) => void;
  /** Issued closings that the chosen decision concerns. */
  issued: readonly string[];
  /** Fields of a register that is entered by hand, where that is chosen. */
  entry: ReactNode;
  /** Faults of what is filled in, shown once it was tried. */
  faults: { note?: string | undefined; acknowledge?: string | undefined };
  isBusy: boolean;
  notice: ReactNode;
  onConfirm: () => void;
  /** Text of the button. */
  confirmText: string;
}

/** The decisions on an item, each with what it would bill, the reason, and the button that makes it. */
export function DecisionPanel(props: DecisionPanelProps) {
  const { choices, draft, onDraft, issued, entry, faults, isBusy, notice, onConfirm } = props;
  const t = useTranslations('check.decide');
  return (
    <form
      aria-label={t('title')}
      className={classes.decision}
      onSubmit={(event) => {
        event.preventDefault();
        onConfirm();
      }}
    >
      <Stack gap="sm">
        <Title order={3} size="h4">
          {t('title')}
        </Title>
        <Choices choices={choices} kind={draft.kind} onKind={(kind) => onDraft({ kind })} />
        {entry}
        {draft.kind === undefined ? null : (
          <Reason draft={draft} onDraft={onDraft} fault={faults.note} />
        )}
        {draft.kind === undefined || issued.length === 0 ? null : (
          <Issued
            issued={issued}
            isAcknowledged={draft.isAcknowledged}
            fault={faults.acknowledge}
            onAcknowledge={(isAcknowledged) => onDraft({ isAcknowledged })}
          />
        )}
        {notice}
        <Group>
          <Button type="submit" loading={isBusy} disabled={draft.kind === undefined}>
            {props.confirmText}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ChoicesProps {
  choices: readonly ShownChoice[];
  kind: Kind | undefined;
  onKind: (kind: Kind) => void;
}

function Choices({ choices, kind, onKind }: ChoicesProps) {
  const t = useTranslations('check.decide');
  const name = useId();
  return (
    <fieldset className={classes.choices}>
      <legend className={classes.legend}>{t('title')}</legend>
      {choices.map((choice) => (
        <label
          key={choice.kind}
          className={classes.choice}
          data-chosen={choice.kind === kind || undefined}
        >
          <input
            type="radio"
            name={name}
            checked={choice.kind === kind}
            onChange={() => onKind(choice.kind)}
          />
          <span>
            <Text span fw={600}>
              <kbd className={classes.key}>{choice.keyName}</kbd> {t(`choice.${choice.kind}`)}
            </Text>
            <Text size="sm" component="span" display="block">
              {choice.detail}
            </Text>
            {choice.billed === undefined ? null : (
              <Text size="sm" component="span" display="block" fw={600}>
                {choice.billed}
              </Text>
            )}
            {choice.notes.map((note) => (
              <Text key={note} size="sm" component="span" display="block" c="dimmed">
                {note}
              </Text>
            ))}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface ReasonProps extends Pick<DecisionPanelProps, 'draft' | 'onDraft'> {
  fault: string | undefined;
}

function Reason({ draft, onDraft, fault }: ReasonProps) {
  const t = useTranslations('check.decide');
  return (
    <Group gap="sm" align="start" grow preventGrowOverflow={false}>
      <NativeSelect
        label={t('reason')}
        value={draft.reason}
        onChange={({ currentTarget }) => onDraft({ reason: currentTarget.value as EditReason })}
        data={DECISION_REASONS.map((reason) => ({ value: reason, label: t(`reasons.${reason}`) }))}
      />
      <TextInput
        label={t('note')}
        description={t('noteHint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={draft.note}
        maxLength={200}
        autoComplete="off"
        error={fault}
        onChange={({ currentTarget }) => onDraft({ note: currentTarget.value })}
      />
    </Group>
  );
}

interface IssuedProps {
  issued: readonly string[];
  isAcknowledged: boolean;
  fault: string | undefined;
  onAcknowledge: (isAcknowledged: boolean) => void;
}

function Issued({ issued, isAcknowledged, fault, onAcknowledge }: IssuedProps) {
  const t = useTranslations('check.decide');
  const time = useClosingTime();
  return (
    <Alert color="attention" title={t('issued', { days: issued.map(time.day).join('・') })}>
      <Checkbox
        label={t('acknowledge')}
        checked={isAcknowledged}
        error={fault}
        onChange={({ currentTarget }) => onAcknowledge(currentTarget.checked)}
      />
    </Alert>
  );
}
