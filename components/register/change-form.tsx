'use client';

import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useLocale, useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import type { SupplyPointWire } from '../../lib/register/supply-point-wire.ts';
import { addDays } from '../../lib/time.ts';
import { fullDayText } from '../text/date-text.ts';
import { closingDayText } from './change-texts.ts';
import { type ChangeValues, type FormKind, stayValues } from './change-values.ts';
import { FittingFields } from './fitting-fields.tsx';

const CLOSING_DAYS = Array.from({ length: 31 }, (_, at) => at + 1);

export interface ChangeFormProps {
  kind: FormKind;
  place: SupplyPointWire;
  areas: readonly { areaId: number; name: string; gasKind: string }[];
  tariffs: readonly { tariffId: number; code: string; name: string; gasKind: string }[];
  form: UseFormReturnType<ChangeValues>;
  /** Number of refusals by the server; after each the first invalid field gets the focus. */
  refusals: number;
  /** Alert for an error that belongs to no field. */
  notice?: React.ReactNode;
  isBusy: boolean;
  onCheck: () => void;
  onCancel: () => void;
}

/** Form of a change of a supply point. */
export function ChangeForm({ kind, place, form, ...props }: ChangeFormProps) {
  const t = useTranslations('register');
  const fields = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const wanted = props.refusals > 0 ? '[aria-invalid="true"]' : 'input, select';
    fields.current?.querySelector<HTMLElement>(wanted)?.focus();
  }, [props.refusals]);
  const customer = place.stays.at(-1)?.customerNumber ?? '';
  return (
    <form
      ref={fields}
      onSubmit={form.onSubmit(props.onCheck)}
      noValidate
      aria-label={t(`kind.${kind}`)}
    >
      <Stack gap="md" maw={480}>
        {props.notice}
        <Text>{t(`form.${kind}`, { customer })}</Text>
        <Fields kind={kind} place={place} form={form} areas={props.areas} tariffs={props.tariffs} />
        <Group>
          <Button type="submit" loading={props.isBusy}>
            {t('check')}
          </Button>
          <Button variant="default" disabled={props.isBusy} onClick={props.onCancel}>
            {t('cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type FieldsProps = Pick<ChangeFormProps, 'kind' | 'place' | 'areas' | 'tariffs' | 'form'>;

function Fields({ kind, place, areas, tariffs, form }: FieldsProps) {
  switch (kind) {
    case 'move-in':
      return <MoveInFields form={form} />;
    case 'move-out':
      return <DayInput form={form} name="lastOn" label="field.lastOn" />;
    case 'stay-corrected':
      return <StayFields place={place} form={form} />;
    case 'supply-closed':
    case 'supply-opened':
      return <DayInput form={form} name="holdsFrom" label={`field.holdsFrom.${kind}`} />;
    case 'closing-day':
      return <ClosingDayFields form={form} />;
    case 'area':
      return <AreaField place={place} areas={areas} form={form} />;
    case 'tariff':
      return <TariffField place={place} tariffs={tariffs} form={form} />;
    case 'meter-corrected':
    case 'meter-removed':
    case 'meter-fitted':
    case 'terminal-exchanged':
      return <FittingFields kind={kind} place={place} form={form} />;
  }
}

interface FormProps {
  form: UseFormReturnType<ChangeValues>;
}

interface DayInputProps extends FormProps {
  name: 'fromOn' | 'lastOn' | 'holdsFrom';
  label:
    | 'field.fromOn'
    | 'field.lastOn'
    | 'field.lastOnOptional'
    | `field.holdsFrom.${'supply-closed' | 'supply-opened' | 'closing-day'}`;
}

function DayInput({ form, name, label }: DayInputProps) {
  const t = useTranslations('register');
  const isOptional = label === 'field.lastOnOptional';
  return (
    <TextInput type="date" label={t(label)} required={!isOptional} {...form.getInputProps(name)} />
  );
}

function MoveInFields({ form }: FormProps) {
  const t = useTranslations('register');
  return (
    <>
      <TextInput
        label={t('field.customerNumber')}
        autoComplete="off"
        required
        {...form.getInputProps('customerNumber')}
      />
      <DayInput form={form} name="fromOn" label="field.fromOn" />
    </>
  );
}

function StayFields({ place, form }: Pick<FieldsProps, 'place' | 'form'>) {
  const t = useTranslations('register');
  const locale = useLocale();
  const { onChange: _, ...select } = form.getInputProps('occupancyId');
  return (
    <>
      <NativeSelect
        label={t('field.stay')}
        data={place.stays.map(({ occupancyId, customerNumber, fromOn, toOn }) => ({
          value: String(occupancyId),
          label: t('field.stayValue', {
            ...{ customer: customerNumber, from: fullDayText(fromOn, locale) },
            to: toOn === null ? '' : fullDayText(addDays(toOn, -1), locale),
          }),
        }))}
        {...select}
        onChange={(event) => {
          const { value } = event.currentTarget;
          const stay = place.stays.find(({ occupancyId }) => String(occupancyId) === value);
          form.setValues(stayValues(stay));
        }}
      />
      <DayInput form={form} name="fromOn" label="field.fromOn" />
      <DayInput form={form} name="lastOn" label="field.lastOnOptional" />
    </>
  );
}

function ClosingDayFields({ form }: FormProps) {
  const t = useTranslations('register');
  const locale = useLocale();
  return (
    <>
      <NativeSelect
        label={t('field.closingDay')}
        data={CLOSING_DAYS.map((day) => ({
          value: String(day),
          label: closingDayText(day, { t, locale }),
        }))}
        {...form.getInputProps('closingDay')}
      />
      <DayInput form={form} name="holdsFrom" label="field.holdsFrom.closing-day" />
    </>
  );
}

function AreaField({ place, areas, form }: Pick<FieldsProps, 'place' | 'areas' | 'form'>) {
  const t = useTranslations('register');
  const own = areas.filter(({ gasKind }) => gasKind === place.gasKind);
  return (
    <NativeSelect
      label={t('field.area')}
      data={own.map(({ areaId, name }) => ({ value: String(areaId), label: name }))}
      {...form.getInputProps('areaId')}
    />
  );
}

function TariffField({ place, tariffs, form }: Pick<FieldsProps, 'place' | 'tariffs' | 'form'>) {
  const t = useTranslations('register');
  const own = tariffs.filter(({ gasKind }) => gasKind === place.gasKind);
  return (
    <NativeSelect
      label={t('field.tariff')}
      data={[
        { value: '', label: t('field.noTariff') },
        ...own.map(({ tariffId, code, name }) => ({
          ...{ value: String(tariffId), label: `${name}(${code})` },
        })),
      ]}
      {...form.getInputProps('tariffId')}
    />
  );
}
