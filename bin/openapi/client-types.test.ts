import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type ApiDocument, clientTypes } from './client-types.ts';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

/** A document with one operation and one schema. */
function documentOf(operation: object, shape: object = { type: 'string' }): ApiDocument {
  return {
    paths: { '/api/v1/things/{id}': { get: operation as never } },
    components: { schemas: { Shape: shape } },
  };
}

const ANSWERS = { 200: { content: { 'application/json': { schema: { type: 'integer' } } } } };

describe('the types of the client', () => {
  it('are those of the committed document', async () => {
    const document: ApiDocument = JSON.parse(await read('docs/openapi.json'));
    expect(await read('app/api-types.ts'), 'run "npm run openapi"').toBe(clientTypes(document));
  });

  it('state of each part of a request whether it is required, optional or forbidden', () => {
    const parameter = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } };
    const optional = { name: 'from', in: 'query', schema: { type: 'string' } };
    const operation = { parameters: [parameter, optional], responses: ANSWERS };
    expect(clientTypes(documentOf(operation))).toContain(
      '"/things/{id}": { request: { path: { id: number }; query?: { from?: string }; header?: never; body?: never }; answer: number }',
    );
    expect(clientTypes(documentOf({ responses: ANSWERS }))).toContain(
      'path?: never; query?: never',
    );
  });

  it("state a request's headers and body", () => {
    const key = {
      name: 'idempotency-key',
      in: 'header',
      required: true,
      schema: { type: 'string' },
    };
    const requestBody = {
      required: true,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Shape' } } },
    };
    const operation = { parameters: [key], requestBody, responses: ANSWERS };
    expect(clientTypes(documentOf(operation))).toContain(
      'header: { "idempotency-key": string }; body: ApiShapes["Shape"] }',
    );
  });

  it('distinguish streamed and empty answers from JSON', () => {
    const csv = { 200: { content: { 'text/csv': { schema: { type: 'string' } } } } };
    expect(clientTypes(documentOf({ responses: csv }))).toContain('answer: Response }');
    expect(clientTypes(documentOf({ responses: { 204: {} } }))).toContain('answer: undefined }');
  });

  it.each([
    [{ type: ['string', 'null'], enum: ['a', 'b', null] }, '"a" | "b" | null'],
    [{ anyOf: [{ $ref: '#/components/schemas/X' }, { type: 'null' }] }, 'ApiShapes["X"] | null'],
    [{ type: 'array', items: { type: 'boolean' } }, '(boolean)[]'],
    [
      { type: 'object', properties: { a: { type: 'number' }, 'b-c': { type: 'null' } } },
      '{ a?: number; "b-c"?: null }',
    ],
  ])('of %j are %s', (schema, type) => {
    const text = clientTypes(documentOf({ responses: ANSWERS }, schema));
    expect(text).toContain(`  Shape: ${type};\n`);
  });

  it('are refused for a part of the specification without a type', () => {
    expect(() => clientTypes(documentOf({ responses: ANSWERS }, {}))).toThrow('without a type');
    expect(() => clientTypes(documentOf({ responses: ANSWERS }, { type: 'date' }))).toThrow('date');
  });
});
