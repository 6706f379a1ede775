'use client';

import { Fieldset, NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import {
  CLOSING_KINDS,
  CLOSING_QUALITIES,
  CLOSING_REMARKS,
} from '../../lib/closing/closing-row.ts';
import { ESTIMATE_BASES } from '../../lib/estimation/missing-register.ts';
import { CODE_STYLES, type LayoutBody } from '../../lib/layouts/layout.ts';

export interface LayoutCodesProps {
  body: LayoutBody;
  onChange: (body: LayoutBody) => void;
}

const PARTS = [
  {
    style: 'quality',
    codes: 'qualityCodes',
    keys: CLOSING_QUALITIES,
    fields: ['quality', 'previousQuality'],
  },
  { style: 'basis', codes: 'basisCodes', keys: ESTIMATE_BASES, fields: ['basis'] },
  { style: 'kind', codes: 'kindCodes', keys: CLOSING_KINDS, fields: ['kind'] },
  { style: 'remarks', codes: 'remarkCodes', keys: CLOSING_REMARKS, fields: ['remarks'] },
] as const;

/** Words or codes of the qualities, the basis, the kind of the row and its remarks, of those that are a column. */
export function LayoutCodes({ body, onChange }: LayoutCodesProps) {
  const t = useTranslations('layouts.codes');
  const names = useTranslations('layouts.field');
  const shown = PARTS.filter(({ fields }) =>
    body.columns.some((column) => fields.some((field) => field === column.field)),
  );
  return shown.map(({ style, codes, keys }) => (
    <Fieldset key={style} legend={names(style)}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
        <NativeSelect
          label={t('style')}
          data={CODE_STYLES.map((each) => ({ value: each, label: t(`styles.${each}`) }))}
          value={body[style]}
          onChange={({ currentTarget: { value } }) => {
            const chosen = CODE_STYLES.find((each) => each === value);
            if (chosen) onChange({ ...body, [style]: chosen });
          }}
        />
        {body[style] === 'codes'
          ? keys.map((key) => (
              <TextInput
                key={key}
                label={<CodeName part={style} of={key} />}
                value={body[codes][key] ?? ''}
                onChange={({ currentTarget: { value } }) =>
                  onChange({ ...body, [codes]: { ...body[codes], [key]: value } })
                }
              />
            ))
          : null}
      </SimpleGrid>
    </Fieldset>
  ));
}

type Key =
  | (typeof CLOSING_QUALITIES)[number]
  | (typeof ESTIMATE_BASES)[number]
  | (typeof CLOSING_KINDS)[number]
  | (typeof CLOSING_REMARKS)[number];

function CodeName({ part, of }: { part: (typeof PARTS)[number]['style']; of: Key }) {
  const closing = useTranslations('closing');
  const t = useTranslations('layouts.codes');
  if (of === 'regular' || of === 'final') return t(`kinds.${of}`);
  if (part === 'basis') return t(`bases.${of}` as 'bases.absence');
  return part === 'quality'
    ? closing(`filter.${of}` as 'filter.actual')
    : closing(`remark.${of}` as 'remark.exchanged');
}
