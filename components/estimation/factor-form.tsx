'use client';

import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslations } from 'next-intl';
import { isDay } from '../../lib/time.ts';
import { type PlaceFormProps, PlaceFrame } from './place-form.tsx';

export interface FactorValues {
  fromOn: string;
  factor: string;
  basis: string;
}

/** Form of the factor of a place that is delivered above the maximum pressure. */
export function FactorForm({ today, onSave, ...frame }: PlaceFormProps<FactorValues>) {
  const t = useTranslations('estimation.place');
  const form = useForm({
    initialValues: { fromOn: today, factor: '', basis: '' },
    validate: {
      fromOn: (value) => (isDay(value) ? null : t('fault.day')),
      factor: (value) => (isFactor(plain(value)) ? null : t('fault.factor')),
      basis: (value) => (value.trim() === '' ? t('fault.basis') : null),
    },
  });
  const submit = form.onSubmit(({ fromOn, factor, basis }) =>
    onSave({ fromOn, factor: plain(factor), basis: basis.trim() }),
  );
  return (
    <PlaceFrame {...frame} title={t('addFactor')} hint={t('factorHint')} onSubmit={submit}>
      <TextInput
        type="date"
        label={t('field.factorFrom')}
        description={t('field.factorFromHint')}
        required
        {...form.getInputProps('fromOn')}
      />
      <TextInput
        label={t('field.factor')}
        description={t('field.factorValueHint')}
        inputMode="decimal"
        autoComplete="off"
        required
        {...form.getInputProps('factor')}
      />
      <TextInput
        label={t('field.basis')}
        description={t('field.basisHint')}
        maxLength={100}
        required
        {...form.getInputProps('basis')}
      />
    </PlaceFrame>
  );
}

/** Full-width digits are taken as they are meant. */
function plain(text: string): string {
  return text.normalize('NFKC').trim();
}

function isFactor(text: string): boolean {
  return /^\d(\.\d{1,6})?$/.test(text) && Number(text) > 0;
}
