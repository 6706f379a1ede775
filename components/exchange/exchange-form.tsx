'use client';

import {
  Button,
  Checkbox,
  Fieldset,
  NativeSelect,
  SimpleGrid,
  Stack,
  TextInput,
} from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { DIALS, type ExchangeValues } from './exchange-values.ts';

const LITRES_PER_M3 = 1_000;

export interface ExchangeFormProps {
  form: UseFormReturnType<ExchangeValues>;
  /** True when the new meter is registered with the exchange. */
  registers: boolean;
  onRegisters: (registers: boolean) => void;
  /** Number of refusals by the server; after each the first invalid field gets the focus. */
  refusals: number;
  /** Alert for an error that belongs to no field. */
  notice?: React.ReactNode;
  isBusy: boolean;
  onCheck: (values: ExchangeValues) => void;
}

/** Form of an exchange; registers are entered in m³, as on the plate. */
export function ExchangeForm({ form, registers, onRegisters, ...props }: ExchangeFormProps) {
  const t = useTranslations('exchange');
  const fields = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (props.refusals > 0) focusFault(fields.current);
  }, [props.refusals]);
  const input = form.getInputProps;
  return (
    <form ref={fields} onSubmit={form.onSubmit(props.onCheck)} noValidate aria-label={t('confirm')}>
      <Stack gap="md" maw={640}>
        {props.notice}
        <TextInput
          type="datetime-local"
          label={t('field.exchangedAt')}
          description={t('field.exchangedAtHint')}
          required
          {...input('exchangedAt')}
        />
        <Fieldset legend={t('field.old')}>
          <RegisterInput
            label={t('field.finalIndexL')}
            description={t('field.finalIndexLHint')}
            {...input('finalIndexL')}
          />
        </Fieldset>
        <Fieldset legend={t('field.new')}>
          <Stack gap="md">
            <TextInput
              label={t('field.newSerial')}
              description={t('field.newSerialHint')}
              inputMode="numeric"
              autoComplete="off"
              required
              {...input('newSerial')}
            />
            <RegisterInput
              label={t('field.startIndexL')}
              description={t('field.startIndexLHint')}
              {...input('startIndexL')}
            />
            <Checkbox
              label={t('field.register')}
              checked={registers}
              onChange={(event) => onRegisters(event.currentTarget.checked)}
              error={form.errors.newMeter}
            />
            {registers ? <NewMeterFields form={form} /> : null}
          </Stack>
        </Fieldset>
        <Button type="submit" loading={props.isBusy} style={{ alignSelf: 'flex-start' }}>
          {t('check')}
        </Button>
      </Stack>
    </form>
  );
}

function focusFault(fields: HTMLFormElement | null): void {
  fields?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}

function RegisterInput(props: React.ComponentProps<typeof TextInput>) {
  const t = useTranslations('exchange');
  return (
    <TextInput
      inputMode="decimal"
      autoComplete="off"
      rightSection={<span aria-hidden>{t('field.unit')}</span>}
      {...props}
    />
  );
}

function NewMeterFields({ form }: { form: UseFormReturnType<ExchangeValues> }) {
  const t = useTranslations('exchange');
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <TextInput
        label={t('field.size')}
        inputMode="decimal"
        autoComplete="off"
        rightSection={<span aria-hidden>{t('field.sizeUnit')}</span>}
        rightSectionWidth={56}
        required
        {...form.getInputProps('newMeter.size')}
      />
      <NativeSelect
        label={t('field.dialL')}
        data={DIALS.map((litres) => ({
          value: litres,
          label: t('field.dialValue', { m3: Number(litres) / LITRES_PER_M3 }),
        }))}
        {...form.getInputProps('newMeter.dialL')}
      />
      <TextInput
        type="date"
        label={t('field.verificationExpiresOn')}
        description={t('field.verificationExpiresOnHint')}
        {...form.getInputProps('newMeter.verificationExpiresOn')}
      />
    </SimpleGrid>
  );
}
