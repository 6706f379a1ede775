'use client';

import { Anchor, Stack } from '@mantine/core';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { LayoutList, NewLayout } from '../../../../components/layouts/layout-list.tsx';
import { ErrorState } from '../../../../components/ui/error-state.tsx';
import { PageAnswer } from '../../../../components/ui/page-answer.tsx';
import { PageSkeleton } from '../../../../components/ui/waiting.tsx';
import type { ClosingLayout } from '../../../../lib/closing/closing-file.ts';
import { LAYOUT_PRESETS } from '../../../../lib/layouts/layout-presets.ts';
import { LayoutEditor } from './layout-editor.tsx';
import { type Layout, type LayoutToSave, useLayouts, useOfferLayout } from './use-layouts.ts';

/** Layouts of closing files of the utility: list, making one from a built-in one, changing it beside its preview. */
export function LayoutsView({ mayChange }: { mayChange: boolean }) {
  const t = useTranslations('layouts');
  const { data, error, refetch } = useLayouts();
  const [edited, setEdited] = useState<LayoutToSave>();
  const [saved, setSaved] = useState<string>();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  const open = (layout: LayoutToSave) => {
    setSaved(undefined);
    setEdited(layout);
  };
  const count = data.layouts.filter(
    ({ removedAt, body }) => removedAt === null && body !== null,
  ).length;
  return (
    <Stack gap="lg">
      <PageAnswer
        title={t('title')}
        tone={saved === undefined ? 'calm' : 'done'}
        detail={
          <Anchor component={Link} href="/closing">
            {t('back')}
          </Anchor>
        }
      >
        <span role="status">
          {saved === undefined ? t('answer', { count }) : t('saved', { name: saved })}
        </span>
      </PageAnswer>
      {edited ? (
        <LayoutEditor
          key={edited.of?.layoutId ?? 'new'}
          initial={edited}
          onCancel={() => setEdited(undefined)}
          onSaved={({ name }) => {
            setEdited(undefined);
            setSaved(name);
          }}
        />
      ) : (
        <Listing layouts={data.layouts} mayChange={mayChange} onOpen={open} />
      )}
    </Stack>
  );
}

interface ListingProps {
  layouts: readonly Layout[];
  mayChange: boolean;
  onOpen: (layout: LayoutToSave) => void;
}

function Listing({ layouts, mayChange, onOpen }: ListingProps) {
  const offer = useOfferLayout();
  const begin = (preset: ClosingLayout) =>
    onOpen({ name: '', body: structuredClone(LAYOUT_PRESETS[preset]) });
  return (
    <>
      <LayoutList
        {...{ layouts, mayChange, isBusy: offer.isPending, error: offer.error }}
        onOpen={({ layoutId, version, name, body }) =>
          onOpen({ name, body, of: { layoutId, version } })
        }
        onOffer={({ layoutId, removedAt }) => offer.mutate({ layoutId, removedAt })}
      />
      {mayChange ? <NewLayout onBegin={begin} /> : null}
    </>
  );
}
