/** Layouts of closing files that the utility made, and their versions. */
import { type RawBuilder, sql } from 'kysely';
import type { ReadDb } from '../../db/schema.ts';
import { type Actor, requireOneOf } from '../actor.ts';
import { DomainError } from '../errors.ts';
import { LayoutBody, type StoredLayout } from './layout.ts';
import type { Layout } from './layout-wire.ts';

/** Layouts of a utility that are listed; more are not offered. */
const MAX_LISTED = 200;

/** The layouts in their latest version, by name; removed ones behind the others. One that cannot be read has no body. @throws DomainError `forbidden` */
export async function listLayouts(db: ReadDb, actor: Actor): Promise<Layout[]> {
  requireOneOf(actor, ['closing.read', 'closing.export']);
  return latest(db, actor, sql`true`);
}

/** A layout in its latest version. @throws DomainError `not_found`, `forbidden` */
export async function getLayout(
  db: ReadDb,
  actor: Actor,
  { layoutId }: { layoutId: number },
): Promise<Layout> {
  requireOneOf(actor, ['closing.read', 'closing.export']);
  const [layout] = await latest(db, actor, sql`l.layout_id = ${layoutId}`);
  if (!layout) throw noLayout(layoutId);
  return layout;
}

async function latest(db: ReadDb, actor: Actor, which: RawBuilder<unknown>): Promise<Layout[]> {
  const { rows } = await sql<Omit<Layout, 'body'> & { body: unknown }>`
    select l.layout_id as "layoutId", l.name, l.version, v.body, v.made_name as "madeName", v.made_at as "madeAt",
      l.removed_at as "removedAt"
    from closing_layout l
    join closing_layout_version v on v.utility_id = l.utility_id and v.layout_id = l.layout_id and v.version = l.version
    where l.utility_id = ${actor.utilityId} and ${which}
    order by l.removed_at is not null, l.name, l.layout_id limit ${MAX_LISTED}`.execute(db);
  return rows.map((row) => ({ ...row, body: bodyOf(row.body) }));
}

export interface LayoutChoice {
  layoutId: number;
  /** A former version, with which a file was written; undefined: the latest of a layout that is offered. */
  version?: number | undefined;
}

/** What a file is written with. @throws DomainError `not_found`, `forbidden`; `conflict` when it cannot be read */
export async function getStoredLayout(
  db: ReadDb,
  actor: Actor,
  { layoutId, version }: LayoutChoice,
): Promise<StoredLayout> {
  requireOneOf(actor, ['closing.read', 'closing.export']);
  const { rows } = await sql<Omit<StoredLayout, 'body'> & { body: unknown }>`
    select v.layout_id as "layoutId", v.version, v.name, v.body
    from closing_layout l
    join closing_layout_version v on v.utility_id = l.utility_id and v.layout_id = l.layout_id
      and v.version = coalesce(${version ?? null}::integer, l.version)
    where l.utility_id = ${actor.utilityId} and l.layout_id = ${layoutId}
      and (${version ?? null}::integer is not null or l.removed_at is null)`.execute(db);
  const [row] = rows;
  if (!row) throw noLayout(layoutId);
  const body = bodyOf(row.body);
  if (body) return { ...row, body };
  throw new DomainError(
    'conflict',
    `version ${row.version} of the layout "${row.name}" cannot be read: remove it and make another`,
  );
}

/** A stored body; null for one that the function of the database took from SQL, and this program cannot read. */
function bodyOf(stored: unknown): Layout['body'] {
  return LayoutBody.safeParse(stored).data ?? null;
}

/** The id of the offered layout of a name. @throws DomainError `not_found`, `forbidden` */
export async function getLayoutIdByName(
  db: ReadDb,
  actor: Actor,
  { name }: { name: string },
): Promise<number> {
  const layouts = (await listLayouts(db, actor)).filter(({ removedAt }) => removedAt === null);
  const found = layouts.find((layout) => layout.name === name);
  if (found) return found.layoutId;
  const names = layouts.map((layout) => layout.name).join(', ') || 'none yet';
  throw new DomainError(
    'not_found',
    `there is no layout "${name}"; those of the utility: ${names}`,
  );
}

function noLayout(layoutId: number): DomainError {
  return new DomainError('not_found', `there is no layout ${layoutId} of closing files`, {
    layoutId,
  });
}
