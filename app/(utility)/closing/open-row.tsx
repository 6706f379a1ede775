'use client';

import { ClosingRowDrawer } from '../../../components/closing/closing-row-drawer.tsx';
import { type ClosingAddress, rowRequest } from './closing-address.ts';
import { RowDecisions } from './row-decisions.tsx';
import { useClosingRow } from './use-closing.ts';

export interface OpenRowProps {
  address: ClosingAddress;
  /** Instant of the list, with which the row is fetched again. */
  asOf: string;
  mayReadMeters: boolean;
  mayDecide: boolean;
  onClose: () => void;
}

/** The row that the address names, beside the list. */
export function OpenRow({ address, asOf, mayReadMeters, mayDecide, onClose }: OpenRowProps) {
  const { data, error, refetch } = useClosingRow(address, asOf);
  return (
    <ClosingRowDrawer
      row={address.row}
      explanation={data}
      error={error}
      onRetry={() => void refetch()}
      onClose={onClose}
      mayReadMeters={mayReadMeters}
      {...(data && address.row && (mayDecide || data.decisions.length > 0)
        ? {
            decisions: (
              <RowDecisions
                key={`${address.row.customerNumber} ${address.row.supplyPointNumber} ${address.row.kind}`}
                row={rowRequest(address, address.row).query}
                explanation={data}
                mayDecide={mayDecide}
              />
            ),
          }
        : {})}
    />
  );
}
