'use client';

import { ErrorState } from '../components/ui/error-state.tsx';

interface ErrorPageProps {
  /** `digest` is what the server's log has of an error on the server. */
  error: Error & { digest?: string };
}

export default function ErrorPage({ error }: ErrorPageProps) {
  const { digest } = error;
  const isKnown = digest === 'unavailable' || digest === 'busy';
  const details = isKnown ? { code: digest } : { reference: digest };
  return (
    <main id="main">
      <ErrorState
        order={1}
        error={Object.assign(error, details)}
        onRetry={() => window.location.reload()}
      />
    </main>
  );
}
