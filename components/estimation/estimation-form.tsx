'use client';

import { Button, Checkbox, Group, NumberInput, Radio, Stack, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import {
  type EstimationSetting,
  MISSED_READING_RULES,
  type MissedReadingRule,
} from '../../lib/estimation/estimation-scope.ts';

const LEAST_HOURS = 2;
const MOST_HOURS = 72;
const USUAL_HOURS = 4;

export interface EstimationFormProps {
  setting: EstimationSetting;
  isBusy: boolean;
  notice: ReactNode;
  onSave: (setting: { missedReading: MissedReadingRule; interpolateMaxHours?: number }) => void;
  onCancel: () => void;
}

/** Form of how the utility estimates. */
export function EstimationForm({ setting, isBusy, notice, onSave, onCancel }: EstimationFormProps) {
  const t = useTranslations('estimation');
  const [rule, setRule] = useState(setting.missedReading);
  const [isOn, setOn] = useState(setting.interpolateMaxHours !== null);
  const [hours, setHours] = useState<number | string>(setting.interpolateMaxHours ?? USUAL_HOURS);
  const isSound =
    Number.isInteger(hours) && Number(hours) >= LEAST_HOURS && Number(hours) <= MOST_HOURS;
  return (
    <form
      noValidate
      aria-label={t('change')}
      onSubmit={(event) => {
        event.preventDefault();
        if (isOn && !isSound) return;
        onSave({ missedReading: rule, ...(isOn ? { interpolateMaxHours: Number(hours) } : {}) });
      }}
    >
      <Stack gap="md">
        {notice}
        <RuleChoice rule={rule} onRule={setRule} />
        <Checkbox
          label={t('interpolate')}
          description={t('interpolateHint')}
          checked={isOn}
          onChange={({ currentTarget }) => setOn(currentTarget.checked)}
        />
        {isOn ? (
          <NumberInput
            label={t('hours')}
            min={LEAST_HOURS}
            max={MOST_HOURS}
            clampBehavior="none"
            value={hours}
            onChange={setHours}
            error={isSound ? undefined : t('hoursFault')}
            w={200}
          />
        ) : null}
        <Text size="sm">{t('fromNext')}</Text>
        <Group gap="xs">
          <Button type="submit" loading={isBusy}>
            {t('save')}
          </Button>
          <Button variant="default" disabled={isBusy} onClick={onCancel}>
            {t('cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface RuleChoiceProps {
  rule: MissedReadingRule;
  onRule: (rule: MissedReadingRule) => void;
}

function RuleChoice({ rule, onRule }: RuleChoiceProps) {
  const t = useTranslations('estimation');
  return (
    <Radio.Group
      label={t('missedReading')}
      value={rule}
      onChange={(value) => onRule(MISSED_READING_RULES.find((each) => each === value) ?? 'none')}
    >
      <Stack gap="xs" mt="xs">
        {MISSED_READING_RULES.map((each) => (
          <Radio
            key={each}
            value={each}
            label={t(`missed.${each}.label`)}
            description={t(`missed.${each}.hint`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
