'use client';

import { Button, Text } from '@mantine/core';
import { CloudOff, RotateCw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { Notice } from './notice.tsx';

const KNOWN = [
  'unauthenticated',
  'forbidden',
  'not_found',
  'invalid_input',
  'conflict',
  'too_large',
  'locked',
  'busy',
  'unavailable',
  'internal',
  'offline',
] as const;

/** An error of the API, as apiGet throws it. */
interface Refusal {
  code?: unknown;
  reference?: unknown;
  /** Seconds after which a retry is allowed. */
  retryAfterS?: unknown;
}

const BUSY_RETRY_S = 5;

export interface ErrorStateProps {
  error: Error & Refusal;
  onRetry?: () => void;
  /** 1 when it is the whole page. */
  order?: 1 | 2;
}

/** Error message: what happened, what was kept, what to do next, and the reference that is also in the log. */
export function ErrorState({ error, onRetry, order }: ErrorStateProps) {
  const t = useTranslations('common');
  useReturnWhenBusy(error, onRetry);
  const code = KNOWN.find((known) => known === error.code) ?? 'internal';
  const reference = typeof error.reference === 'string' ? error.reference : undefined;
  return (
    <div role="alert">
      <Notice
        order={order}
        icon={CloudOff}
        title={t(`problem.${code}.title`)}
        action={<Remedy code={code} onRetry={onRetry} />}
      >
        {t(`problem.${code}.detail`)}
        {reference && (
          <Text size="sm" mt="xs">
            {t('state.reference', { reference })}
          </Text>
        )}
      </Notice>
    </div>
  );
}

/** Retries by itself while the server is busy. */
function useReturnWhenBusy(error: ErrorStateProps['error'], onRetry?: () => void): void {
  const isBusy = error.code === 'busy';
  const afterS = Number(error.retryAfterS ?? 0) || BUSY_RETRY_S;
  const again = useRef(onRetry);
  again.current = onRetry;
  useEffect(() => {
    if (!isBusy) return;
    const timer = setInterval(() => again.current?.(), afterS * 1_000);
    return () => clearInterval(timer);
  }, [isBusy, afterS]);
}

function Remedy({ code, onRetry }: { code: (typeof KNOWN)[number]; onRetry?: () => void }) {
  const t = useTranslations('common.state');
  if (code === 'unauthenticated') {
    // Reloading leads to the sign-in page and back.
    return <Button onClick={() => window.location.reload()}>{t('signIn')}</Button>;
  }
  if (!onRetry) return null;
  return (
    <Button variant="default" leftSection={<RotateCw size={16} aria-hidden />} onClick={onRetry}>
      {t('retry')}
    </Button>
  );
}
