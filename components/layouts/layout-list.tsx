'use client';

import { Alert, Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { CLOSING_LAYOUTS, type ClosingLayout } from '../../lib/closing/closing-file.ts';
import type { LayoutBody } from '../../lib/layouts/layout.ts';
import type { LayoutWire as StoredLayoutWire } from '../../lib/layouts/layout-wire.ts';
import { useClosingTime } from '../closing/use-closing-time.ts';

type LayoutWire = Omit<StoredLayoutWire, 'body'> & { body: LayoutBody | null };
type ReadableLayout = LayoutWire & { body: LayoutBody };

export interface LayoutListProps {
  layouts: readonly LayoutWire[];
  mayChange: boolean;
  isBusy: boolean;
  /** Why the last removal or return failed. */
  error: Error | null;
  /** Not asked of a layout that cannot be read. */
  onOpen: (layout: ReadableLayout) => void;
  /** Removes a layout, or brings a removed one back. */
  onOffer: (layout: LayoutWire) => void;
}

/** The layouts of the utility; those that were removed behind the others, each with its return. */
export function LayoutList({
  layouts,
  mayChange,
  isBusy,
  error,
  onOpen,
  onOffer,
}: LayoutListProps) {
  const t = useTranslations('layouts');
  return (
    <Stack component="section" gap="sm" aria-labelledby="own-layouts">
      <Title order={2} size="h4" id="own-layouts">
        {t('list')}
      </Title>
      {error ? <Alert color="danger" role="alert" title={t('failed')} p="xs" /> : null}
      {layouts.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('none')}
        </Text>
      ) : (
        <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
          {layouts.map((layout) => (
            <Item key={layout.layoutId} {...{ layout, mayChange, isBusy, onOpen, onOffer }} />
          ))}
        </Stack>
      )}
    </Stack>
  );
}

type ItemProps = Omit<LayoutListProps, 'layouts' | 'error'> & { layout: LayoutWire };

function Item({ layout, mayChange, isBusy, onOpen, onOffer }: ItemProps) {
  const t = useTranslations('layouts');
  const time = useClosingTime();
  const { name, version, body, madeName, madeAt, removedAt } = layout;
  const made = { version: String(version), name: madeName, at: time.dated(madeAt) };
  const isOffered = removedAt === null;
  return (
    <Group component="li" gap="sm" justify="space-between">
      <div>
        <Text fw={500} td={isOffered ? undefined : 'line-through'}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {isOffered ? t('made', made) : t('removed', { at: time.dated(removedAt) })}
        </Text>
        {body === null ? (
          <Text size="xs" fw={500}>
            {t('unreadable')}
          </Text>
        ) : null}
      </div>
      {mayChange ? (
        <Group gap="xs">
          {isOffered && body !== null ? (
            <Button
              variant="default"
              aria-label={t('editNamed', { name })}
              onClick={() => onOpen({ ...layout, body })}
            >
              {t('open')}
            </Button>
          ) : null}
          <Button
            variant="subtle"
            aria-label={t(isOffered ? 'removeNamed' : 'restoreNamed', { name })}
            disabled={isBusy}
            onClick={() => onOffer(layout)}
          >
            {t(isOffered ? 'remove' : 'restore')}
          </Button>
        </Group>
      ) : null}
    </Group>
  );
}

// Object.keys loses the type of its keys, which are those of the object.
const PRESETS = Object.keys(CLOSING_LAYOUTS) as ClosingLayout[];

/** Begins a layout as a copy of a built-in one. */
export function NewLayout({ onBegin }: { onBegin: (preset: ClosingLayout) => void }) {
  const t = useTranslations('layouts');
  const kinds = useTranslations('closing.download.kinds');
  const [preset, setPreset] = useState<ClosingLayout>('import-cp932');
  return (
    <Group align="flex-end" gap="sm">
      <NativeSelect
        label={t('from')}
        data={PRESETS.map((each) => ({ value: each, label: kinds(each) }))}
        value={preset}
        onChange={({ currentTarget: { value } }) => {
          const chosen = PRESETS.find((each) => each === value);
          if (chosen) setPreset(chosen);
        }}
      />
      <Button onClick={() => onBegin(preset)}>{t('begin')}</Button>
    </Group>
  );
}
