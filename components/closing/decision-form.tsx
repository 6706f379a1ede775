'use client';

import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useRef } from 'react';

export type DecisionKind = 'certified' | 'correction';

/** What is typed into the form of a decision. */
export interface DecisionValues {
  usageM3: string;
  closings: string;
  percent: string;
  direction: string;
  reason: string;
}

const EMPTY: DecisionValues = {
  ...{ usageM3: '', closings: '1', percent: '', direction: 'fast', reason: '' },
};

/** Form state of a decision; full-width digits are taken as they are meant. */
export function useDecisionForm(kind: DecisionKind) {
  const t = useTranslations('closing.row.decision.fault');
  return useForm<DecisionValues>({
    initialValues: EMPTY,
    transformValues: (values) => ({
      ...values,
      ...{ usageM3: plain(values.usageM3), percent: plain(values.percent) },
      reason: values.reason.trim(),
    }),
    validate: {
      usageM3: (value) =>
        kind === 'correction' || /^\d{1,5}(\.\d)?$/.test(plain(value)) ? null : t('usageM3'),
      percent: (value) => (kind === 'certified' || isPercent(plain(value)) ? null : t('percent')),
      reason: (value) => (value.trim() === '' ? t('reason') : null),
    },
  });
}

function isPercent(text: string): boolean {
  return /^\d{1,2}(\.\d{1,2})?$/.test(text) && Number(text) > 0;
}

function plain(text: string): string {
  return text.normalize('NFKC').trim();
}

export interface DecisionFormProps {
  kind: DecisionKind;
  form: UseFormReturnType<DecisionValues>;
  isBusy: boolean;
  notice: ReactNode;
  onCheck: (values: DecisionValues) => void;
  onCancel: () => void;
}

/** Form of a decision on the usage of a row; its effect is shown before it is made. */
export function DecisionForm({ kind, form, isBusy, notice, onCheck, onCancel }: DecisionFormProps) {
  const t = useTranslations('closing.row.decision');
  const fields = useRef<HTMLFormElement>(null);
  useEffect(() => fields.current?.querySelector<HTMLElement>('input, select')?.focus(), []);
  return (
    <form ref={fields} onSubmit={form.onSubmit(onCheck)} noValidate aria-label={t(kind)}>
      <Stack gap="sm">
        {notice}
        <Text size="sm">{t(`${kind}Hint`)}</Text>
        {kind === 'certified' ? (
          <TextInput
            label={t('field.usageM3')}
            inputMode="decimal"
            autoComplete="off"
            required
            {...form.getInputProps('usageM3')}
          />
        ) : (
          <CorrectionFields form={form} />
        )}
        <TextInput
          label={t('field.reason')}
          description={t('field.reasonHint')}
          maxLength={100}
          required
          {...form.getInputProps('reason')}
        />
        <Group gap="xs">
          <Button type="submit" loading={isBusy}>
            {t('check')}
          </Button>
          <Button variant="default" disabled={isBusy} onClick={onCancel}>
            {t('cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function CorrectionFields({ form }: Pick<DecisionFormProps, 'form'>) {
  const t = useTranslations('closing.row.decision');
  return (
    <>
      <NativeSelect
        label={t('field.direction')}
        data={[
          { value: 'fast', label: t('fastLabel') },
          { value: 'slow', label: t('slowLabel') },
        ]}
        {...form.getInputProps('direction')}
      />
      <TextInput
        label={t('field.percent')}
        inputMode="decimal"
        autoComplete="off"
        required
        {...form.getInputProps('percent')}
      />
      <NativeSelect
        label={t('field.closings')}
        data={[1, 2, 3].map((count) => ({
          value: String(count),
          label: t('closingsOf', { count }),
        }))}
        {...form.getInputProps('closings')}
      />
    </>
  );
}
