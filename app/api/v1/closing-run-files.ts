import { closingFileName } from '../../../lib/closing/closing-file-name.ts';
import { getUtilityCode } from '../../../lib/closing/closing-file-queries.ts';
import { getFileKind } from '../../../lib/closing/file-choice-queries.ts';
import { type FileKind, fileMediaType, fileTag } from '../../../lib/closing/file-kind.ts';
import { countRunFile, exportRun } from '../../../lib/closing/run-file-commands.ts';
import { getRun } from '../../../lib/closing/run-queries.ts';
import { ClosingRunFileQuery, RunPath } from '../../../lib/closing/run-wire.ts';
import { type AskedRange, askedRange, rangeWithin } from '../../../lib/office-file/byte-range.ts';
import { BoundedMap } from '../../bounded-map.ts';
import type { RequestContext } from '../../context.ts';
import { exportWork } from './export-work.ts';
import { createResource, protectedRoute } from './resource.ts';
import { streamedBody } from './streamed.ts';

/** Files of stored runs: the same bytes each time, so that one that broke off is gone on with. */
export const closingRunFiles = createResource();

/** Lengths of files by tag, known once a file was written to its end; any other process finds them out again. */
const lengths = new BoundedMap<string, number>(1_000);

closingRunFiles.openapi(
  protectedRoute('closing.export', {
    method: 'get',
    'x-cost': 'file',
    path: '/closings/runs/{runId}/file',
    summary:
      'The file of a run again, with the rows that were issued; recorded in the audit. A part of it by Range, as `curl -C -` asks',
    request: { params: RunPath, query: ClosingRunFileQuery },
    responses: {
      200: {
        description: 'The file, as of /closings/file, with a strong ETag',
        content: { 'text/csv': { schema: { type: 'string', format: 'binary' } } },
      },
      206: {
        description: 'The bytes of the one range that was asked for',
        content: { 'text/csv': { schema: { type: 'string', format: 'binary' } } },
      },
      416: { description: 'The file has no such bytes; Content-Range says how many it has' },
    },
  }),
  async (c) => {
    const { actor, now, read } = c.var.context;
    const { runId } = c.req.valid('param');
    const { kind, name, tag } = await read(async (db) => {
      const chosen = await getFileKind(db, actor, c.req.valid('query'));
      const { closesOn, rounding, checksum } = await getRun(db, actor, runId);
      const named = {
        ...{ utilityCode: await getUtilityCode(db, actor), closesOn: [closesOn] },
        ...{ kind: chosen, rounding: rounding ?? undefined, issue: { runs: [runId] } },
      };
      return { kind: chosen, name: closingFileName(named), tag: fileTag(checksum, chosen) };
    });
    const asked = askedRange(c.req.header('range'), c.req.header('if-range'), tag);
    const part = asked && (await partOf(c.var.context, asked, { runId, kind, tag }));
    if (part && !part.range) {
      return c.body(null, 416, { 'content-range': `bytes */${part.length}`, etag: tag });
    }
    const range = part?.range;
    const input = { runId, kind, now, range };
    let written = 0;
    const body = await streamedBody(async (write) => {
      await exportRun(exportWork(c.var.context), actor, input, async (bytes) => {
        await write(bytes);
        written += bytes.length;
      });
      if (!range) lengths.set(tag, written);
    });
    const headers = {
      'content-type': fileMediaType(kind),
      'content-disposition': `attachment; filename="${name}"`,
      'accept-ranges': 'bytes',
      etag: tag,
    };
    if (!part || !range) return c.body(body, 200, headers);
    return c.body(body, 206, {
      ...headers,
      'content-range': `bytes ${range.first}-${range.last}/${part.length}`,
    });
  },
);

/** The range within the file, and how long that is. */
async function partOf(
  { actor, read }: RequestContext,
  asked: AskedRange,
  { tag, ...file }: { runId: number; kind: FileKind; tag: string },
) {
  const length = lengths.get(tag) ?? (await read((db) => countRunFile(db, actor, file)));
  lengths.set(tag, length);
  return { length, range: rangeWithin(asked, length) };
}
