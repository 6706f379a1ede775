/**
 * Changes of layouts of closing files. They are functions of the database, which check the person's right again and write
 * the audit (db/migrations/0036_closing_layouts.sql).
 */
import { sql } from 'kysely';
import type { Tx } from '../../db/schema.ts';
import { type Actor, actorName, requireCapability } from '../actor.ts';
import { explainRefusal } from '../constraint-errors.ts';
import { invalidInput } from '../errors.ts';
import type { LayoutBody } from './layout.ts';
import { layoutFaults } from './layout-faults.ts';
import { getLayout } from './layout-queries.ts';
import type { Layout } from './layout-wire.ts';
import { measureOf } from './layout-writer.ts';

const REFUSALS = {
  closing_layout_name: 'another layout has this name',
  closing_layout_latest: 'the layout was changed or removed meanwhile: look at it again',
  closing_layout_offered: 'the layout was removed or brought back meanwhile: look at it again',
} as const;

export interface LayoutToSave {
  name: string;
  body: LayoutBody;
  /** Instant of the change. */
  now: Date;
  /** The layout and the version of it that was changed; undefined: a new one. */
  of?: { layoutId: number; version: number } | undefined;
}

/**
 * Stores a layout, or its next version. Errors: `invalid_input` (fields of the body), `not_found`, `conflict` (another has
 * the name, or it was changed meanwhile), `forbidden`.
 */
export async function saveLayout(
  tx: Tx,
  actor: Actor,
  { name, body, now, of }: LayoutToSave,
): Promise<Layout> {
  requireCapability(actor, 'closing.layout');
  const faults = layoutFaults(body, measureOf(body.encoding));
  if (faults.length > 0) {
    throw invalidInput(faults.map((fault) => ({ ...fault, field: `body.${fault.field}` })));
  }
  if (of) await getLayout(tx, actor, of);
  const { rows } = await explainRefusal(REFUSALS, () =>
    sql<{ layoutId: number }>`
      select save_closing_layout(${of?.layoutId ?? null}::integer, ${of?.version ?? null}::integer, ${name}::text,
        ${JSON.stringify(body)}::json, ${now}, ${actorName(actor)}) as "layoutId"`.execute(tx),
  );
  const [saved] = rows;
  if (!saved) throw new Error('save_closing_layout yielded no row');
  return getLayout(tx, actor, saved);
}

export interface LayoutToRemove {
  layoutId: number;
  now: Date;
}

/** Removes a layout from those that are offered; its versions stay. Errors: not_found, conflict, forbidden. */
export async function removeLayout(
  tx: Tx,
  actor: Actor,
  { layoutId, now }: LayoutToRemove,
): Promise<Layout> {
  return offer(tx, actor, { layoutId, removedAt: now });
}

/** Offers a removed layout again. Errors: not_found, conflict (also where another has the name by now), forbidden. */
export async function restoreLayout(
  tx: Tx,
  actor: Actor,
  { layoutId }: { layoutId: number },
): Promise<Layout> {
  return offer(tx, actor, { layoutId, removedAt: null });
}

async function offer(
  tx: Tx,
  actor: Actor,
  { layoutId, removedAt }: { layoutId: number; removedAt: Date | null },
): Promise<Layout> {
  requireCapability(actor, 'closing.layout');
  await getLayout(tx, actor, { layoutId });
  await explainRefusal(REFUSALS, () =>
    sql`select remove_closing_layout(${layoutId}, ${removedAt}::timestamptz, ${actorName(actor)})`.execute(
      tx,
    ),
  );
  return getLayout(tx, actor, { layoutId });
}
