'use client';

import { Alert, Button, Group, NativeSelect, Stack, TextInput, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { useClosingTime } from '../../../../components/closing/use-closing-time.ts';
import { LayoutCodes } from '../../../../components/layouts/layout-codes.tsx';
import { LayoutColumns } from '../../../../components/layouts/layout-columns.tsx';
import { LayoutPreview } from '../../../../components/layouts/layout-preview.tsx';
import { measureOnPage, sampleOf } from '../../../../components/layouts/layout-sample.ts';
import { LayoutSettings } from '../../../../components/layouts/layout-settings.tsx';
import type { LayoutBody } from '../../../../lib/layouts/layout.ts';
import { layoutFaults } from '../../../../lib/layouts/layout-faults.ts';
import { ApiError } from '../../../api-client.ts';
import { type Layout, type LayoutToSave, useSampleRows, useSaveLayout } from './use-layouts.ts';

export interface LayoutEditorProps {
  initial: LayoutToSave;
  onCancel: () => void;
  onSaved: (saved: Layout) => void;
}

/** Changing a layout: its settings, columns and codes, with the lines that a file would have. */
export function LayoutEditor({ initial, onCancel, onSaved }: LayoutEditorProps) {
  const t = useTranslations('layouts');
  const [name, setName] = useState(initial.name);
  const [body, setBody] = useState<LayoutBody>(initial.body);
  const save = useSaveLayout(onSaved);
  const title = useId();
  const faults = layoutFaults(body, measureOnPage(body.encoding));
  const isReady = faults.length === 0 && name.trim() !== '';
  return (
    <Stack
      component="form"
      gap="lg"
      aria-labelledby={title}
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) save.mutate({ name: name.trim(), body, of: initial.of });
      }}
    >
      <Title order={2} size="h4" id={title}>
        {initial.of ? t('edit', { name: initial.name }) : t('new')}
      </Title>
      <TextInput
        label={t('name')}
        description={t('nameHint')}
        maxLength={40}
        required
        maw={360}
        value={name}
        onChange={({ currentTarget: { value } }) => setName(value)}
      />
      <LayoutSettings {...{ body, faults }} onChange={setBody} />
      <LayoutColumns
        {...{ form: body.form, columns: body.columns, faults }}
        onChange={(columns) => setBody({ ...body, columns })}
      />
      <LayoutCodes body={body} onChange={setBody} />
      <Sample body={body} />
      {save.error ? <Refused error={save.error} /> : null}
      <Group>
        <Button type="submit" disabled={!isReady} loading={save.isPending}>
          {t('save')}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {t('cancel')}
        </Button>
      </Group>
    </Stack>
  );
}

function Sample({ body }: { body: LayoutBody }) {
  const t = useTranslations('layouts.preview');
  const choice = useTranslations('closing.choice');
  const time = useClosingTime();
  const [closingDay, setClosingDay] = useState<number>();
  const { days, chosen, rows } = useSampleRows(closingDay);
  return (
    <Stack gap="xs">
      {days.length > 1 ? (
        <NativeSelect
          label={t('closing')}
          maw={240}
          data={days.map((day) => ({
            value: String(day.closingDay),
            label:
              day.closingDay === 31
                ? choice('monthEnd')
                : choice('day', { day: String(day.closingDay) }),
          }))}
          value={String(chosen?.closingDay ?? '')}
          onChange={({ currentTarget: { value } }) => setClosingDay(Number(value))}
        />
      ) : null}
      <LayoutPreview
        body={body}
        rows={sampleOf(rows.data ?? [])}
        isLoading={rows.isLoading}
        day={chosen && time.day(chosen.latest.closesOn)}
      />
    </Stack>
  );
}

function Refused({ error }: { error: Error }) {
  const t = useTranslations('layouts');
  const common = useTranslations('common.state');
  const isConflict = error instanceof ApiError && error.code === 'conflict';
  const reference = error instanceof ApiError ? error.reference : undefined;
  return (
    <Alert color="danger" role="alert" title={t(isConflict ? 'conflict' : 'failed')}>
      {t(isConflict ? 'conflictDetail' : 'failedDetail')}
      {reference ? ` ${common('reference', { reference })}` : null}
    </Alert>
  );
}
