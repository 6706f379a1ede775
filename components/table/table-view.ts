'use client';

/** Visible columns and row density of a table, stored in the person's browser. */
import { useLocalStorage } from '@mantine/hooks';
import { createContext, use } from 'react';
import type { DataColumn } from './data-column.ts';

export const DENSITIES = ['normal', 'compact'] as const;
export type Density = (typeof DENSITIES)[number];

export interface TableView {
  /** Ids of the hidden columns; null while the person has chosen none. */
  hidden: readonly string[] | null;
  density: Density;
}

const FIRST_VIEW: TableView = { hidden: null, density: 'normal' };

/** Account whose choices are used: people who share a browser do not change each other's tables. */
export const TablePerson = createContext('');

/** View of the table `name` and its setter. The server and the first render use the default. */
export function useTableView(name: string) {
  const person = use(TablePerson);
  const [view, setView] = useLocalStorage<TableView>({
    key: `kenshin-table:${name}:${person}`,
    defaultValue: FIRST_VIEW,
    deserialize: readView,
  });
  const change = (part: Partial<TableView>) => setView({ ...view, ...part });
  return { view, change, reset: () => setView(FIRST_VIEW) };
}

/** True when the column is visible in the view. */
export function isSeen<Row, Sort extends string>(
  { id, fixed, extra }: DataColumn<Row, Sort>,
  { hidden }: TableView,
): boolean {
  if (fixed) return true;
  return hidden === null ? !extra : !hidden.includes(id);
}

/** Stored text as a view; what is not valid, as of an earlier version, becomes the default. */
export function readView(text: string | undefined): TableView {
  try {
    const kept: unknown = JSON.parse(text ?? '');
    if (typeof kept !== 'object' || kept === null) return FIRST_VIEW;
    const { hidden, density } = kept as { hidden?: unknown; density?: unknown };
    return {
      hidden: Array.isArray(hidden) ? hidden.filter((id) => typeof id === 'string') : null,
      density: DENSITIES.find((known) => known === density) ?? 'normal',
    };
  } catch {
    return FIRST_VIEW;
  }
}
