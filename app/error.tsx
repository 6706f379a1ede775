'use client';

import { ErrorState } from '../components/ui/error-state.tsx';

interface ErrorPageProps {
  /** `digest` is what the server's log has of an error on the server. */
  error: Error & { digest?: string };
  reset: () => void;
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
  const { digest } = error;
  return (
    <main id="main">
      <ErrorState
        order={1}
        error={Object.assign(error, digest && { reference: digest })}
        onRetry={reset}
      />
    </main>
  );
}
