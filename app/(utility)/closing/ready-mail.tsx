'use client';

import { Skeleton, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { ReadyMailChoice } from '../../../components/closing/ready-mail-choice.tsx';
import { readyMailState } from '../../../components/closing/ready-mail-state.ts';
import type { ClosingPreviewWire } from '../../../lib/closing/closing-wire.ts';
import { ApiError, apiDelete, apiPost } from '../../api-client.ts';
import { apiQuery } from '../../api-query.ts';
import type { ApiShapes } from '../../api-types.ts';
import { retryOptions, useRequestKeys } from '../../write-request.ts';

export interface ReadyMailProps {
  closing: { closingDay: number; month: string };
  preview: Pick<ClosingPreviewWire, 'closesOn' | 'closed' | 'ready'>;
}

/** Asks for a mail to the signed-in person when the shown closing is ready, or each month. Mounted anew for another. */
export function ReadyMail({ closing, preview }: ReadyMailProps) {
  const known = useQuery(apiQuery('/closings/ready-mails', {}));
  const change = useChange();
  const refused = useRefused(change.error ?? known.error);
  const { closingDay, month } = closing;
  const { data } = known;
  const shown = { closingDay, closesOn: preview.closesOn, isReady: preview.ready };
  if (!data) {
    // Its room is kept, so that the list below does not move when the answer comes.
    return refused === undefined ? (
      <Skeleton height={52} aria-hidden />
    ) : (
      <Text size="sm" c="dimmed" role="status">
        {refused}
      </Text>
    );
  }
  return (
    <ReadyMailChoice
      state={readyMailState(data, shown)}
      address={data.address}
      isBusy={change.isPending}
      refused={refused}
      onAsk={(what) => change.mutate({ closingDay, month: what === 'closing' ? month : null })}
      onWithdraw={(requestId) => change.mutate({ requestId })}
    />
  );
}

type Change = ApiShapes['ReadyMailInput'] | { requestId: number };

function useChange() {
  const client = useQueryClient();
  const keys = useRequestKeys();
  return useMutation({
    ...retryOptions,
    mutationFn: (change: Change) => {
      const header = keys.headerOf(change);
      return 'requestId' in change
        ? apiDelete('/closings/ready-mails/{requestId}', { path: change, header })
        : apiPost('/closings/ready-mails', { header, body: change });
    },
    onSuccess: (now, change) => {
      keys.done(change);
      client.setQueryData(apiQuery('/closings/ready-mails', {}).queryKey, now);
    },
    // Where it was refused, what is asked for or ready is other than shown.
    onError: () => void client.invalidateQueries(),
  });
}

function useRefused(error: Error | null): string | undefined {
  const t = useTranslations('closing.readyMail.refused');
  if (!error) return undefined;
  const code = error instanceof ApiError ? error.code : undefined;
  if (code === 'conflict' || code === 'not_found') return t('changed');
  return code === 'offline' ? t('offline') : t('failed');
}
