/** The import table of ARCHITECTURE.md as rules: imports point one way. */
const TEST = '\\.(test|spec)\\.tsx?$|/testing(/.*|-[^/]*)\\.tsx?$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'A circle has no first part to understand.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'db-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^db/', pathNot: TEST },
      to: { path: '^(app|components|lib|ingest|bin|bench|e2e)/' },
    },
    {
      name: 'lib-reaches-db-from-queries-and-commands-only',
      severity: 'error',
      from: { path: '^lib/', pathNot: `${TEST}|-(queries|commands|sql)\\.ts$` },
      to: { path: '^db/' },
    },
    {
      name: 'lib-knows-no-transport',
      severity: 'error',
      from: { path: '^lib/', pathNot: TEST },
      to: { path: '^(app|components|ingest|bin|bench|e2e)/' },
    },
    {
      name: 'lib-is-handed-its-connection',
      comment:
        'Of db/ it knows the row types alone: nothing that connects, starts, migrates or tests.',
      severity: 'error',
      from: { path: '^lib/', pathNot: TEST },
      to: { path: '^db/', pathNot: '^db/schema\\.ts$' },
    },
    {
      name: 'components-draw-only',
      comment: 'Components take props and pure rules; they neither read nor write.',
      severity: 'error',
      from: { path: '^components/', pathNot: TEST },
      to: { path: '^(app|db|ingest|bin|bench|e2e)/|^lib/.*-(queries|commands|sql)\\.ts$' },
    },
    {
      name: 'app-opens-its-connections-in-pools',
      severity: 'error',
      from: { path: '^app/', pathNot: `${TEST}|^app/pools\\.ts$` },
      to: { path: '^db/' },
    },
    {
      name: 'app-and-ingest-meet-in-tables',
      severity: 'error',
      from: { path: '^app/', pathNot: TEST },
      to: { path: '^(ingest|bin|bench|e2e)/' },
    },
    {
      name: 'ingest-and-app-meet-in-tables',
      severity: 'error',
      from: { path: '^ingest/', pathNot: TEST },
      to: { path: '^(app|components|bin|bench|e2e)/' },
    },
    {
      name: 'ingest-opens-its-connections-in-process',
      severity: 'error',
      from: { path: '^ingest/', pathNot: `${TEST}|^ingest/(process|start|start-worker)\\.ts$` },
      to: { path: '^db/' },
    },
    {
      name: 'the-protocol-is-pure',
      severity: 'error',
      from: { path: '^ingest/protocol/', pathNot: TEST },
      to: { path: '^ingest/(?!protocol/)|^db/|^lib/.*-(queries|commands|sql)\\.ts$' },
    },
    {
      name: 'the-simulator-stands-outside',
      comment: 'A terminal knows the protocol and the register, not the inside of the sidecar.',
      severity: 'error',
      from: { path: '^ingest/simulator/', pathNot: TEST },
      to: { path: '^ingest/(?!simulator/|protocol/)' },
    },
    {
      name: 'nothing-leans-on-the-simulator',
      severity: 'error',
      from: { path: '^(app|components|lib|db|ingest/(?!simulator/))', pathNot: TEST },
      to: { path: '^ingest/simulator/' },
    },
    {
      name: 'product-code-imports-no-development-package',
      severity: 'error',
      from: { path: '^(app|components|lib|db|ingest)/', pathNot: TEST },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'every-import-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|\\.local|node_modules)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
