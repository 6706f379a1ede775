'use client';

import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslations } from 'next-intl';
import type { SupplyPointWire } from '../../lib/register/supply-point-wire.ts';
import { DIALS } from '../exchange/exchange-values.ts';
import type { ChangeValues } from './change-values.ts';
import { type FittingKind, meterValues } from './fitting-values.ts';

const LITRES_PER_M3 = 1_000;

interface FormProps {
  form: UseFormReturnType<ChangeValues>;
}

interface FittingFieldsProps extends FormProps {
  kind: FittingKind;
  place: SupplyPointWire;
}

/** Fields of a change of a meter or terminal. */
export function FittingFields({ kind, place, form }: FittingFieldsProps) {
  switch (kind) {
    case 'meter-corrected':
      return <CorrectionFields place={place} form={form} />;
    case 'meter-removed':
      return (
        <>
          <InstantInput form={form} kind={kind} />
          <IndexInput form={form} kind={kind} />
        </>
      );
    case 'meter-fitted':
      return <MeterFields form={form} />;
    case 'terminal-exchanged':
      return <TerminalFields form={form} />;
  }
}

function CorrectionFields({ place, form }: Omit<FittingFieldsProps, 'kind'>) {
  const t = useTranslations('register');
  const meters = [...new Map(place.meters.map((meter) => [meter.meterId, meter])).values()];
  const { onChange: _, ...select } = form.getInputProps('meterId');
  return (
    <>
      <NativeSelect
        label={t('field.meter')}
        data={meters.map(({ meterId, serial }) => ({ value: String(meterId), label: serial }))}
        {...select}
        onChange={(event) => {
          const { value } = event.currentTarget;
          form.setValues(meterValues(meters.find(({ meterId }) => String(meterId) === value)));
        }}
      />
      <SizeInput form={form} />
      <DialSelect form={form} registered={meters.map(({ dialL }) => String(dialL))} />
    </>
  );
}

function SizeInput({ form }: FormProps) {
  const t = useTranslations('register');
  return (
    <TextInput
      label={t('field.size')}
      inputMode="decimal"
      autoComplete="off"
      rightSection={<span aria-hidden>{t('field.sizeUnit')}</span>}
      rightSectionWidth={56}
      required
      {...form.getInputProps('size')}
    />
  );
}

function DialSelect({ form, registered = [] }: FormProps & { registered?: readonly string[] }) {
  const t = useTranslations('register');
  const values = [...new Set<string>([...DIALS, ...registered])].sort(
    (one, other) => Number(one) - Number(other),
  );
  return (
    <NativeSelect
      label={t('field.dial')}
      data={values.map((litres) => ({
        value: litres,
        label: t('field.dialValue', { m3: Number(litres) / LITRES_PER_M3 }),
      }))}
      {...form.getInputProps('dialL')}
    />
  );
}

function InstantInput({
  form,
  kind,
}: FormProps & { kind: Exclude<FittingKind, 'meter-corrected'> }) {
  const t = useTranslations('register');
  return (
    <TextInput
      type="datetime-local"
      label={t(`field.at.${kind}`)}
      description={t('field.atHint')}
      required
      {...form.getInputProps('at')}
    />
  );
}

function IndexInput({ form, kind }: FormProps & { kind: 'meter-removed' | 'meter-fitted' }) {
  const t = useTranslations('register');
  return (
    <TextInput
      label={t(`field.index.${kind}`)}
      description={t('field.indexHint')}
      inputMode="decimal"
      autoComplete="off"
      rightSection={<span aria-hidden>{t('field.unit')}</span>}
      {...form.getInputProps('indexM3')}
    />
  );
}

function MeterFields({ form }: FormProps) {
  const t = useTranslations('register');
  return (
    <>
      <TextInput
        label={t('field.serial')}
        description={t('field.serialHint')}
        inputMode="numeric"
        autoComplete="off"
        required
        {...form.getInputProps('serial')}
      />
      <InstantInput form={form} kind="meter-fitted" />
      <IndexInput form={form} kind="meter-fitted" />
      <Checkbox
        label={t('field.register')}
        {...form.getInputProps('registers', { type: 'checkbox' })}
      />
      {form.values.registers ? (
        <>
          <SizeInput form={form} />
          <DialSelect form={form} />
          <TextInput
            type="date"
            label={t('field.expiresOn')}
            description={t('field.expiresOnHint')}
            {...form.getInputProps('expiresOn')}
          />
        </>
      ) : null}
    </>
  );
}

function TerminalFields({ form }: FormProps) {
  const t = useTranslations('register');
  return (
    <>
      <TextInput
        label={t('field.number')}
        description={t('field.numberHint')}
        inputMode="numeric"
        autoComplete="off"
        required
        {...form.getInputProps('number')}
      />
      <InstantInput form={form} kind="terminal-exchanged" />
    </>
  );
}
