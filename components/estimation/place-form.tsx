'use client';

import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useRef } from 'react';

export interface PlaceFormProps<Body> {
  /** JST day. */
  today: string;
  isBusy: boolean;
  notice: ReactNode;
  onSave: (body: Body) => void;
  onCancel: () => void;
}

interface PlaceFrameProps {
  title: string;
  hint: string;
  isBusy: boolean;
  notice: ReactNode;
  children: ReactNode;
  onSubmit: () => void;
  onCancel: () => void;
}

/** Frame of a form about a place. */
export function PlaceFrame({ title, hint, isBusy, notice, children, ...on }: PlaceFrameProps) {
  const t = useTranslations('estimation.place');
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('input, select')?.focus(), []);
  return (
    <form
      ref={form}
      noValidate
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        on.onSubmit();
      }}
    >
      <Stack gap="sm">
        {notice}
        <Text size="sm">{hint}</Text>
        {children}
        <Group gap="xs">
          <Button type="submit" loading={isBusy}>
            {t('save')}
          </Button>
          <Button variant="default" disabled={isBusy} onClick={on.onCancel}>
            {t('cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
