'use client';

import { NativeSelect, SimpleGrid } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { FieldFault } from '../../lib/errors.ts';
import {
  LAYOUT_ENCODINGS,
  LAYOUT_FORMS,
  LAYOUT_PROTECTIONS,
  LAYOUT_QUOTINGS,
  type LayoutBody,
} from '../../lib/layouts/layout.ts';
import { DATE_FORMS } from '../../lib/layouts/layout-date.ts';

export interface LayoutSettingsProps {
  body: LayoutBody;
  faults: readonly FieldFault[];
  onChange: (body: LayoutBody) => void;
}

/** Settings with a closed list of values, in the order in which they are shown. */
const CHOICES = {
  form: LAYOUT_FORMS,
  encoding: LAYOUT_ENCODINGS,
  lineEnd: ['crlf', 'lf'],
  quoting: LAYOUT_QUOTINGS,
  protection: LAYOUT_PROTECTIONS,
  dates: DATE_FORMS,
  clock: ['colon', 'compact'],
  negative: ['minus', 'triangle'],
} as const satisfies { [Name in keyof LayoutBody]?: readonly LayoutBody[Name][] };
type Choice = keyof typeof CHOICES;

const ONLY_SEPARATED: readonly Choice[] = ['quoting', 'protection'];

/** How a file is written as a whole. */
export function LayoutSettings({ body, faults, onChange }: LayoutSettingsProps) {
  const t = useTranslations('layouts.setting');
  const names = (Object.keys(CHOICES) as Choice[]).filter(
    (name) => body.form !== 'fixed' || !ONLY_SEPARATED.includes(name),
  );
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
      {names.map((name) => (
        <NativeSelect
          key={name}
          label={t(`${name}.label`)}
          data={CHOICES[name].map((value) => ({
            value,
            label: t(`${name}.${value}` as Parameters<typeof t>[0]),
          }))}
          value={body[name]}
          onChange={({ currentTarget: { value } }) => onChange(changed(body, name, value))}
          error={faults.some(({ field }) => field === name) && t('fault')}
        />
      ))}
      <NativeSelect
        label={t('header.label')}
        data={[
          { value: 'yes', label: t('header.yes') },
          { value: 'no', label: t('header.no') },
        ]}
        value={body.header ? 'yes' : 'no'}
        onChange={({ currentTarget: { value } }) => onChange({ ...body, header: value === 'yes' })}
      />
    </SimpleGrid>
  );
}

const DEFAULT_WIDTH = 10;

/** A body with another setting. Columns get a width with the fixed form, and lose it with another. */
function changed(body: LayoutBody, name: Choice, value: string): LayoutBody {
  const next = { ...body, [name]: value };
  if (name !== 'form') return next;
  const columns = body.columns.map(({ width, fill, ...column }) =>
    value === 'fixed'
      ? { ...column, width: width ?? DEFAULT_WIDTH, ...(fill && { fill }) }
      : column,
  );
  return { ...next, columns };
}
