'use client';

import { Button, NativeSelect, Radio, SimpleGrid, Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useRef } from 'react';
import { EDIT_KINDS } from '../../lib/editing/edited-hours.ts';
import { EDIT_REASONS } from '../../lib/editing/reading-edit.ts';
import { clockText } from '../text/hour-text.ts';
import type { EditValues } from './edit-values.ts';

const HOURS = Array.from({ length: 24 }, (_, at) => at + 1);

export interface EditFormProps {
  form: UseFormReturnType<EditValues>;
  /** Number of refusals by the server; after each the first invalid field gets the focus. */
  refusals: number;
  /** Alert for an error that belongs to no field. */
  notice: ReactNode;
  isBusy: boolean;
  onCheck: () => void;
}

/** Form of an edit of a reading; the register is entered in m³, as the meter shows it. */
export function EditForm({ form, refusals, notice, isBusy, onCheck }: EditFormProps) {
  const t = useTranslations('editing');
  const fields = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (refusals > 0) fields.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [refusals]);
  const input = form.getInputProps;
  return (
    <form ref={fields} onSubmit={form.onSubmit(onCheck)} noValidate aria-label={t('title')}>
      <Stack gap="md" maw={640}>
        {notice}
        <Radio.Group label={t('field.kind')} {...input('kind')}>
          <Stack gap="xs" mt="xs">
            {EDIT_KINDS.map((each) => (
              <Radio
                key={each}
                value={each}
                label={t(`kind.${each}`)}
                description={t(`kindHint.${each}`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        <RegisterFields form={form} />
        <NativeSelect label={t('field.reason')} required {...input('reason')}>
          <option value="">{t('field.choose')}</option>
          {EDIT_REASONS.map((reason) => (
            <option key={reason} value={reason}>
              {t(`reason.${reason}`)}
            </option>
          ))}
        </NativeSelect>
        <TextInput
          label={t('field.note')}
          description={t('field.noteHint')}
          maxLength={200}
          autoComplete="off"
          {...input('note')}
        />
        <Button type="submit" loading={isBusy} style={{ alignSelf: 'flex-start' }}>
          {t('check')}
        </Button>
      </Stack>
    </form>
  );
}

/** Day, hour and, of an entry, the register. */
function RegisterFields({ form }: Pick<EditFormProps, 'form'>) {
  const t = useTranslations('editing.field');
  const isEntry = form.values.kind === 'entered';
  const input = form.getInputProps;
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput type="date" label={t('day')} required {...input('day')} />
        <NativeSelect label={t('hourEnding')} required {...input('hourEnding')}>
          {isEntry ? null : <option value="">{t('wholeDay')}</option>}
          {HOURS.map((hour) => (
            <option key={hour} value={hour}>
              {clockText(hour)}
            </option>
          ))}
        </NativeSelect>
      </SimpleGrid>
      {isEntry ? (
        <TextInput
          label={t('indexL')}
          description={t('indexLHint')}
          inputMode="decimal"
          autoComplete="off"
          rightSection={<span aria-hidden>{t('unit')}</span>}
          required
          {...input('indexL')}
        />
      ) : null}
    </>
  );
}
