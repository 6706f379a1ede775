'use client';

import { ActionIcon, Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { FieldFault } from '../../lib/errors.ts';
import {
  BILLED_FIELDS,
  DIGIT_FIELDS,
  LAYOUT_FIELDS,
  LAYOUT_FILLS,
  type LayoutBody,
  type LayoutColumn,
  type LayoutField,
  VOLUME_FIELDS,
} from '../../lib/layouts/layout.ts';
import classes from './layouts.module.css';

export interface LayoutColumnsProps {
  form: LayoutBody['form'];
  columns: readonly LayoutColumn[];
  /** Faults by the names of the body's fields. */
  faults: readonly FieldFault[];
  onChange: (columns: LayoutColumn[]) => void;
}

/** The columns of a layout in their order: each with its value, its header and how it is written. */
export function LayoutColumns({ form, columns, faults, onChange }: LayoutColumnsProps) {
  const t = useTranslations('layouts.columns');
  const replace = (at: number, column: LayoutColumn) => onChange(columns.with(at, column));
  const move = (at: number, by: 1 | -1) => {
    const [own, other] = [columns[at], columns[at + by]];
    if (own && other) onChange(columns.with(at, other).with(at + by, own));
  };
  const added: LayoutColumn = {
    ...{ field: 'customerNumber', header: '' },
    ...(form === 'fixed' && { width: 10 }),
  };
  return (
    <Stack gap="xs">
      <ol className={classes.columns} aria-label={t('title')}>
        {columns.map((column, at) => (
          // The order is the only identity that a column has: two may be alike.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above.
          <li key={at} className={classes.column}>
            <Column
              {...{ column, form, at }}
              faultOf={(name) =>
                faults.find(({ field }) => field === `columns.${at}.${name}`)?.message
              }
              onChange={(changed) => replace(at, changed)}
            />
            <Group gap={4} wrap="nowrap" className={classes.moves}>
              <Act
                label={t('up', { number: at + 1 })}
                icon={ArrowUp}
                isOff={at === 0}
                onAct={() => move(at, -1)}
              />
              <Act
                label={t('down', { number: at + 1 })}
                icon={ArrowDown}
                isOff={at === columns.length - 1}
                onAct={() => move(at, 1)}
              />
              <Act
                label={t('remove', { number: at + 1 })}
                icon={X}
                isOff={columns.length === 1}
                onAct={() => onChange(columns.toSpliced(at, 1))}
              />
            </Group>
          </li>
        ))}
      </ol>
      <Button
        variant="default"
        leftSection={<Plus size={16} aria-hidden />}
        onClick={() => onChange([...columns, added])}
        style={{ alignSelf: 'flex-start' }}
      >
        {t('add')}
      </Button>
    </Stack>
  );
}

interface ActProps {
  label: string;
  icon: typeof ArrowUp;
  isOff: boolean;
  onAct: () => void;
}

function Act({ label, icon: Icon, isOff, onAct }: ActProps) {
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={label}
      title={label}
      disabled={isOff}
      onClick={onAct}
    >
      <Icon size={16} aria-hidden />
    </ActionIcon>
  );
}

interface ColumnProps {
  column: LayoutColumn;
  form: LayoutBody['form'];
  at: number;
  faultOf: (name: string) => string | undefined;
  onChange: (column: LayoutColumn) => void;
}

/** A column of another value keeps its header and width; how the former value was written does not fit it. */
function ofField(column: LayoutColumn, field: LayoutField): LayoutColumn {
  const { header, width, fill } = column;
  return { field, header, ...(width !== undefined && { width }), ...(fill && { fill }) };
}

function Column({ column, form, at, faultOf, onChange }: ColumnProps) {
  const t = useTranslations('layouts.columns');
  const names = useTranslations('layouts.field');
  return (
    <>
      <NativeSelect
        label={t('value', { number: at + 1 })}
        data={LAYOUT_FIELDS.map((field) => ({ value: field, label: names(field) }))}
        value={column.field}
        onChange={({ currentTarget: { value } }) => onChange(ofField(column, value as LayoutField))}
        error={faultOf('field')}
      />
      <TextInput
        label={t('header')}
        value={column.header}
        onChange={({ currentTarget: { value } }) => onChange({ ...column, header: value })}
        error={faultOf('header') !== undefined && t('headerFault')}
      />
      <div className={classes.options}>
        <Options {...{ column, form, faultOf, onChange }} />
      </div>
    </>
  );
}

function Options({ column, form, faultOf, onChange }: Omit<ColumnProps, 'at'>) {
  const t = useTranslations('layouts.columns');
  const { field, digits, width, fill = 'space', text = '' } = column;
  const isVolume = VOLUME_FIELDS.includes(field);
  const number = (name: 'digits' | 'width', value: number | undefined) => (
    <TextInput
      label={t(name)}
      inputMode="numeric"
      w={96}
      value={value ?? ''}
      onChange={({ currentTarget }) =>
        onChange(withNumber(column, name, wholeNumber(currentTarget.value)))
      }
      error={faultOf(name) !== undefined && t(`${name}Fault`)}
    />
  );
  return (
    <>
      {isVolume || BILLED_FIELDS.includes(field) ? <Unit {...{ column, onChange }} /> : null}
      {field === 'fixedText' ? (
        <TextInput
          label={t('text')}
          value={text}
          onChange={({ currentTarget: { value } }) => onChange({ ...column, text: value })}
          error={faultOf('text') !== undefined && t('headerFault')}
        />
      ) : null}
      {DIGIT_FIELDS.includes(field) ? number('digits', digits) : null}
      {form === 'fixed' ? (
        <>
          {number('width', width)}
          <NativeSelect
            label={t('fill')}
            data={LAYOUT_FILLS.map((each) => ({ value: each, label: t(`fills.${each}`) }))}
            value={fill}
            onChange={({ currentTarget: { value } }) =>
              onChange({ ...column, fill: LAYOUT_FILLS.find((each) => each === value) })
            }
          />
        </>
      ) : null}
    </>
  );
}

/** Unit and decimals; billed usage has no litres, and may stay as it was billed. */
function Unit({ column, onChange }: Pick<ColumnProps, 'column' | 'onChange'>) {
  const t = useTranslations('layouts.columns');
  const { field, unit = 'm3', decimals } = column;
  const isBilled = BILLED_FIELDS.includes(field);
  const value = decimals ?? (isBilled ? '' : 3);
  const cubic = [0, 1, 2, 3].map((count) => ({ value: String(count), label: t('m3', { count }) }));
  const asBilled = { value: '', label: t('asBilled') };
  return (
    <NativeSelect
      label={t('unit')}
      data={isBilled ? [asBilled, ...cubic] : [...cubic, { value: 'L', label: t('litres') }]}
      value={unit === 'L' ? 'L' : String(value)}
      onChange={({ currentTarget }) => onChange(ofUnit(column, currentTarget.value))}
    />
  );
}

/** `L`, a number of decimals, or nothing: as it was billed. */
function ofUnit(
  { unit: _unit, decimals: _decimals, ...column }: LayoutColumn,
  value: string,
): LayoutColumn {
  if (value === 'L') return { ...column, unit: 'L' };
  return value === '' ? column : { ...column, decimals: Number(value) };
}

function withNumber(
  column: LayoutColumn,
  name: 'digits' | 'width',
  value: number | undefined,
): LayoutColumn {
  const { [name]: _former, ...rest } = column;
  return value === undefined ? rest : { ...rest, [name]: value };
}

/** A whole number as typed, also in full width; undefined for anything else. */
function wholeNumber(text: string): number | undefined {
  const digits = text.normalize('NFKC').trim();
  return /^[1-9]\d{0,2}$/.test(digits) ? Number(digits) : undefined;
}
