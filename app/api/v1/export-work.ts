import type { ExportWork } from '../../../lib/closing/recorded-export-commands.ts';
import type { RequestContext } from '../../context.ts';

/** Transactions of a request's export: it has its turn by `read`, and the others go beside it. */
export function exportWork({ read, transact }: RequestContext): ExportWork {
  return {
    read,
    record: (fn) => transact(fn, { cost: 'record' }),
    issue: (fn) => transact(fn, { cost: 'issue' }),
  };
}
