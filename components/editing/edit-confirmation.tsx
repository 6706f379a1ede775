'use client';

import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useLocale, useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import type { EditPreviewWire } from '../../lib/editing/edit-wire.ts';
import { fullDayText } from '../text/date-text.ts';
import { EditEffect } from './edit-effect.tsx';

/** A way to go on after a preview. */
export interface EditChoice {
  label: string;
  isPlain?: boolean;
  /** False where the closings need not be ticked: nothing is changed. */
  needsClosings?: boolean;
  onChoose: (acknowledgedClosings: string[]) => void;
}

export interface EditConfirmationProps {
  preview: EditPreviewWire;
  choices: readonly EditChoice[];
  onBack: { label: string; act: () => void };
  notice?: ReactNode;
  isBusy: boolean;
}

/** Preview of an edit or of a decision, with the issued closings to tick, and the ways to go on. */
export function EditConfirmation(props: EditConfirmationProps) {
  const { preview, choices, onBack, notice, isBusy } = props;
  const [acknowledged, setAcknowledged] = useState<string[]>([]);
  const [isTried, setTried] = useState(false);
  const isMissing = preview.issued.some((day) => !acknowledged.includes(day));
  return (
    <Stack gap="md" maw={720}>
      {notice}
      <EditEffect preview={preview} />
      <IssuedClosings
        issued={preview.issued}
        acknowledged={acknowledged}
        onAcknowledge={setAcknowledged}
        isMissing={isTried && isMissing}
      />
      <Group>
        {choices.map(({ label, isPlain, needsClosings = true, onChoose }) => (
          <Button
            key={label}
            variant={isPlain ? 'default' : 'filled'}
            loading={isBusy}
            onClick={() =>
              needsClosings && isMissing
                ? setTried(true)
                : onChoose(needsClosings ? acknowledged : [])
            }
          >
            {label}
          </Button>
        ))}
        <Button variant="default" disabled={isBusy} onClick={onBack.act}>
          {onBack.label}
        </Button>
      </Group>
    </Stack>
  );
}

interface IssuedClosingsProps {
  issued: readonly string[];
  acknowledged: readonly string[];
  onAcknowledge: (acknowledged: string[]) => void;
  isMissing: boolean;
}

function IssuedClosings({ issued, acknowledged, onAcknowledge, isMissing }: IssuedClosingsProps) {
  const t = useTranslations('editing.issued');
  const locale = useLocale();
  if (issued.length === 0) return null;
  return (
    <Checkbox.Group
      label={t('title')}
      value={[...acknowledged]}
      onChange={onAcknowledge}
      error={isMissing ? <Text role="alert">{t('missing')}</Text> : undefined}
    >
      <Stack gap="xs" my="xs">
        {issued.map((day) => (
          <Checkbox
            key={day}
            value={day}
            label={t('closing', { closing: fullDayText(day, locale) })}
            error={isMissing && !acknowledged.includes(day)}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
