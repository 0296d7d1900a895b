/** The arrows of the house: who may know whom. Each rule's comment says how to mend a break. */
const rooms = [
  'telephony',
  'calls',
  'callers',
  'customer-list',
  'desk',
  'routing',
  'write-back',
  'quotas',
  'mappings',
  'setup',
  'jobs',
  'store',
  'http',
  'observability',
  'config',
  'cli',
  'web',
];

/** A room may import itself and these rooms; everything else is joined in src/hub.ts. */
const mayImport = {
  observability: [],
  jobs: [],
  store: [],
  telephony: ['observability'],
  calls: ['telephony', 'store'],
  mappings: ['calls', 'callers'],
  setup: ['mappings'],
  'customer-list': ['callers'],
  callers: ['calls', 'store', 'jobs', 'http'],
  desk: ['calls', 'callers', 'http', 'store'],
  routing: ['calls', 'callers', 'http', 'store', 'telephony'],
  'write-back': ['calls', 'callers', 'store', 'jobs', 'quotas'],
  quotas: ['store', 'http'],
  http: ['observability'],
  config: ['telephony'],
};

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Two files that need each other hold one idea too many: move what both need into a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'connectors-know-only-their-port',
      comment: 'A connector imports connectors/connector.ts and its own folder; whatever else it needs comes in as an argument.',
      severity: 'error',
      from: { path: '^connectors/([^/]+)/' },
      to: { path: '^(src|infra|test|connectors)/', pathNot: ['^connectors/connector\\.ts$', '^connectors/$1/'] },
    },
    {
      name: 'sandboxes-stand-alone',
      comment: 'A sandbox plays a foreign service: what it shares with us would hide the faults of both.',
      severity: 'error',
      from: { path: '^infra/' },
      to: { path: '^(src|connectors|test)/' },
    },
    {
      name: 'only-the-port-of-connectors',
      comment: 'Rooms know connectors by connectors/connector.ts; the list is read where the hub is composed.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(config|cli)/|^src/(main|hub)' },
      to: { path: '^connectors/', pathNot: '^connectors/connector\\.ts$' },
    },
    {
      name: 'nothing-imports-the-hub',
      comment: 'src/hub.ts joins the rooms; only the entries may know it.',
      severity: 'error',
      from: { pathNot: '^src/(main|hub)|^src/cli/|^test/|^bench/' },
      to: { path: '^src/(hub|main)' },
    },
    {
      name: 'product-does-not-import-tests',
      comment: 'What the product needs lives in src/.',
      severity: 'error',
      from: { path: '^(src|connectors|infra)/' },
      to: { path: '^test/' },
    },
    {
      name: 'browser-app-stands-alone',
      comment:
        'src/web runs in browsers: of the server it may know shapes (import type) and the pure decisions of desk/desk-view.ts, desk/draft.ts, desk/follow-up.ts and desk/pop.ts.',
      severity: 'error',
      from: { path: '^src/web/' },
      to: {
        path: '^(src|connectors|infra)/',
        pathNot: '^src/web/|^src/desk/(desk-view|draft|follow-up|pop)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    ...rooms
      .filter((room) => mayImport[room])
      .map((room) => ({
        name: `arrows-of-${room}`,
        comment: `src/${room} may import ${[room, ...mayImport[room]].join(', ')}: hand anything else in from src/hub.ts as an argument.`,
        severity: 'error',
        from: { path: `^src/${room}/` },
        to: { path: '^src/', pathNot: [room, ...mayImport[room]].map((name) => `^src/${name}/`) },
      })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
