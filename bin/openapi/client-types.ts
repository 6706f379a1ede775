/**
 * Generates the types of the pages' API client from the OpenAPI document. Only the parts of the specification that the
 * document uses are supported; any other is an error, so that nothing becomes `unknown` unnoticed.
 */

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
}

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

interface Operation {
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

export interface ApiDocument {
  paths: Record<string, Partial<Record<(typeof METHODS)[number], Operation>>>;
  components: { schemas: Record<string, Schema> };
}

const PREFIX = '/api/v1';
const PARTS = ['path', 'query', 'header'] as const;
const HEAD = `/**
 * What the API takes and answers, for the pages' client (app/api-client.ts). Written from docs/openapi.json by
 * \`npm run openapi\`, not by hand.
 */
`;

/** The text of app/api-types.ts. @throws Error for a part of the document that has no type here. */
export function clientTypes({ paths, components }: ApiDocument): string {
  const shapes = Object.entries(components.schemas).map(
    ([name, schema]) => `  ${key(name)}: ${typeOf(schema)};\n`,
  );
  const methods = METHODS.flatMap((method) => {
    const operations = Object.entries(paths).flatMap(([path, byMethod]) => {
      const operation = byMethod[method];
      return operation
        ? [`    ${JSON.stringify(pathOf(path))}: ${operationType(operation)};\n`]
        : [];
    });
    return operations.length === 0 ? [] : [`  ${method}: {\n${operations.join('')}  };\n`];
  });
  return [
    HEAD,
    `\n/** Shapes by their names in the document. */\nexport interface ApiShapes {\n${shapes.join('')}}\n`,
    `\n/** By method and path. */\nexport interface ApiOperations {\n${methods.join('')}}\n`,
  ].join('');
}

function pathOf(path: string): string {
  if (!path.startsWith(`${PREFIX}/`)) throw new Error(`${path} is not below ${PREFIX}`);
  return path.slice(PREFIX.length);
}

function operationType({ parameters = [], requestBody, responses }: Operation): string {
  const parts = PARTS.map((part) => partType(part, parameters));
  const request = `{ ${[...parts, bodyType(requestBody)].join('; ')} }`;
  return `{ request: ${request}; answer: ${answerType(responses)} }`;
}

function bodyType(body: Operation['requestBody']): string {
  if (!body) return 'body?: never';
  const json = body.content['application/json'];
  if (!json) throw new Error('a body that is not JSON');
  return `body${body.required ? '' : '?'}: ${typeOf(json.schema)}`;
}

/** Type of a part of a request; `never` when the route has none, so that passing one is a type error. */
function partType(part: Parameter['in'], parameters: readonly Parameter[]): string {
  const own = parameters.filter((parameter) => parameter.in === part);
  if (own.length === 0) return `${part}?: never`;
  const fields = own.map(
    ({ name, required, schema }) => `${key(name)}${required ? '' : '?'}: ${typeOf(schema)}`,
  );
  const isNeeded = own.some(({ required }) => required);
  return `${part}${isNeeded ? '' : '?'}: { ${fields.join('; ')} }`;
}

/** JSON as its schema's type, a streamed body as Response, an empty answer as undefined. */
function answerType(responses: Operation['responses']): string {
  const answered = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const [content] = answered.map(([, response]) => response.content);
  if (content === undefined) return 'undefined';
  const json = content['application/json'];
  return json ? typeOf(json.schema) : 'Response';
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return `ApiShapes[${JSON.stringify(lastPart(schema.$ref))}]`;
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return union(choices.map(typeOf));
  if (schema.allOf) return schema.allOf.map(typeOf).join(' & ');
  const types = [schema.type ?? []].flat();
  if (types.length === 0) throw new Error(`a schema without a type: ${JSON.stringify(schema)}`);
  return union(types.map((type) => plainType(type, schema)));
}

function plainType(type: string, schema: Schema): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      if (!schema.items) throw new Error('an array without items');
      return `(${typeOf(schema.items)})[]`;
    case 'object':
      return objectType(schema);
    default:
      throw new Error(`a type that is not known here: ${type}`);
  }
}

function objectType({ properties, required = [], additionalProperties, propertyNames }: Schema) {
  if (properties) {
    const fields = Object.entries(properties).map(
      ([name, schema]) => `${key(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`,
    );
    return `{ ${fields.join('; ')} }`;
  }
  if (typeof additionalProperties !== 'object') throw new Error('an object without fields');
  const names = propertyNames ? typeOf(propertyNames) : 'string';
  return `Partial<Record<${names}, ${typeOf(additionalProperties)}>>`;
}

function union(types: string[]): string {
  return [...new Set(types)].join(' | ');
}

function lastPart(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

function key(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}
