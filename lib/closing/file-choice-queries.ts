/** The kind of file that a request names. */
import type { ReadDb } from '../../db/schema.ts';
import type { Actor } from '../actor.ts';
import { invalidField } from '../errors.ts';
import { getStoredLayout } from '../layouts/layout-queries.ts';
import type { FileChoice } from './file-choice.ts';
import type { FileKind } from './file-kind.ts';

/** @throws DomainError `invalid_input` without the layout, or with one of another format; `not_found`, `forbidden` */
export async function getFileKind(
  db: ReadDb,
  actor: Actor,
  { format, identifiers, layout, layoutVersion }: FileChoice,
): Promise<FileKind> {
  if (format !== 'layout') {
    const given = Object.entries({ layout, layoutVersion }).find(([, id]) => id !== undefined);
    if (given) throw invalidField(given[0], 'it goes with the format layout');
    return format === 'xlsx' ? { format } : { format, ...(identifiers && { identifiers }) };
  }
  if (layout === undefined) throw invalidField('layout', 'name the layout of the utility');
  const choice = { layoutId: layout, version: layoutVersion };
  return { format, layout: await getStoredLayout(db, actor, choice) };
}
