'use client';

import { ClosingRowDrawer } from '../../../components/closing/closing-row-drawer.tsx';
import type { ClosingAddress } from './closing-address.ts';
import { useClosingRow } from './use-closing.ts';

export interface OpenRowProps {
  address: ClosingAddress;
  /** Instant of the list, with which the row is fetched again. */
  asOf: string;
  mayReadMeters: boolean;
  onClose: () => void;
}

/** The row that the address names, beside the list. */
export function OpenRow({ address, asOf, mayReadMeters, onClose }: OpenRowProps) {
  const { data, error, refetch } = useClosingRow(address, asOf);
  return (
    <ClosingRowDrawer
      row={address.row}
      explanation={data}
      error={error}
      onRetry={() => void refetch()}
      onClose={onClose}
      mayReadMeters={mayReadMeters}
    />
  );
}
