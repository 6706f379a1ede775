'use client';

import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslations } from 'next-intl';
import { isDay } from '../../lib/time.ts';
import { type PlaceFormProps, PlaceFrame } from './place-form.tsx';

const KINDS = ['absence', 'disaster'] as const;

export interface CircumstanceValues {
  kind: (typeof KINDS)[number];
  fromOn: string;
  toOn?: string;
  reason: string;
}

/** Form of days of absence or disaster. */
export function CircumstanceForm({ today, onSave, ...frame }: PlaceFormProps<CircumstanceValues>) {
  const t = useTranslations('estimation.place');
  const form = useForm({
    initialValues: { kind: 'absence', fromOn: today, toOn: '', reason: '' },
    validate: {
      fromOn: (value) => (isDay(value) ? null : t('fault.day')),
      toOn: (value, { fromOn }) =>
        value === '' || (isDay(value) && value >= fromOn) ? null : t('fault.toOn'),
      reason: (value) => (value.trim() === '' ? t('fault.reason') : null),
    },
  });
  const submit = form.onSubmit(({ kind, fromOn, toOn, reason }) =>
    onSave({
      kind: KINDS.find((each) => each === kind) ?? 'absence',
      ...{ fromOn, reason: reason.trim() },
      ...(toOn === '' ? {} : { toOn }),
    }),
  );
  return (
    <PlaceFrame
      {...frame}
      title={t('addCircumstance')}
      hint={t('circumstanceHint')}
      onSubmit={submit}
    >
      <NativeSelect
        label={t('field.kind')}
        data={KINDS.map((kind) => ({ value: kind, label: t(`kindHint.${kind}`) }))}
        {...form.getInputProps('kind')}
      />
      <Group gap="sm" align="start">
        <TextInput
          type="date"
          label={t('field.fromOn')}
          required
          {...form.getInputProps('fromOn')}
        />
        <TextInput
          type="date"
          label={t('field.toOn')}
          description={t('field.toOnHint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          {...form.getInputProps('toOn')}
        />
      </Group>
      <TextInput
        label={t('field.reason')}
        description={t('field.reasonHint')}
        maxLength={100}
        required
        {...form.getInputProps('reason')}
      />
    </PlaceFrame>
  );
}
