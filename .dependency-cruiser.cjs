/**
 * Who may import whom (docs/architecture.md). One entry a row of the table: `ours` are the folders a folder may
 * import, `libraries` the packages. `npm run layers` checks it; test/integration/tools/layers.test.ts breaks every row once.
 */
const rows = [
  { folder: '^domain/', ours: ['^domain/'], libraries: ['@medplum/fhirtypes'] },
  { folder: '^contract/', ours: ['^contract/', '^domain/'], libraries: ['valibot', '@medplum/fhirtypes'] },
  {
    folder: '^main/services/',
    ours: ['^main/services/', '^domain/', '^contract/'],
    libraries: ['valibot', 'openid-client', 'hash-wasm', 'pino', '@medplum/fhirtypes'],
    node: true,
  },
  {
    folder: '^main/(electron/|main\\.ts)',
    ours: ['^main/', '^contract/', '^domain/'],
    libraries: ['electron', 'electron-store', 'valibot'],
    node: true,
  },
  { folder: '^preload/', ours: ['^preload/', '^contract/', '^domain/'], libraries: ['electron'] },
  {
    folder: '^renderer/ui/',
    ours: ['^renderer/ui/'],
    libraries: ['react', 'react-dom', 'react-aria-components'],
  },
  {
    folder: '^renderer/cache/',
    ours: ['^renderer/cache/', '^domain/', '^contract/', '^assets/'],
    libraries: ['dexie', 'valibot', '@medplum/fhirtypes'],
  },
  { folder: '^renderer/host/', ours: ['^renderer/host/', '^domain/', '^contract/'], libraries: ['valibot'] },
  {
    folder: '^renderer/features/',
    ours: [
      '^renderer/features/',
      '^domain/',
      '^contract/',
      '^renderer/ui/',
      '^renderer/host/',
      '^renderer/cache/index\\.ts$',
      '^assets/',
    ],
    libraries: [
      'react',
      'react-dom',
      '@tanstack/react-router',
      '@tanstack/react-virtual',
      'react-hook-form',
      'react-aria-components',
      'pdfjs-dist',
      '@medplum/fhirtypes',
    ],
  },
  {
    folder: '^renderer/(app/|main\\.tsx)',
    ours: ['^renderer/', '^domain/', '^contract/', '^assets/'],
    libraries: [
      'react',
      'react-dom',
      '@tanstack/react-router',
      '@tanstack/react-virtual',
      'react-aria-components',
      'react-hook-form',
      'nhsuk-frontend',
      '@medplum/fhirtypes',
    ],
  },
];

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const title = (folder) => folder.replace(/[\^\\$]/g, '');

const perRow = rows.flatMap(({ folder, ours, libraries, node }) => [
  {
    name: `ours: ${title(folder)}`,
    severity: 'error',
    comment: `${title(folder)} may import only ${ours.map(title).join(', ')} of our folders`,
    from: { path: folder },
    to: {
      path: '^(domain|contract|main|preload|renderer|record-service|assets|test|tools|docs)/',
      pathNot: ours,
    },
  },
  {
    name: `libraries: ${title(folder)}`,
    severity: 'error',
    comment: `${title(folder)} may import only these libraries: ${libraries.join(', ') || 'none'}`,
    from: { path: folder },
    to: {
      dependencyTypesNot: ['local', 'core', 'type-only', 'aliased'],
      path: 'node_modules|^[a-z@]',
      pathNot: [
        ...libraries.map((name) => `(^|node_modules/)${escape(name)}(/|$)`),
        '^(domain|contract|main|preload|renderer|record-service|assets)/',
      ],
    },
  },
  ...(node
    ? []
    : [
        {
          name: `node: ${title(folder)}`,
          severity: 'error',
          comment: `${title(folder)} runs where there is no Node`,
          from: { path: folder },
          to: { dependencyTypes: ['core'] },
        },
      ]),
]);

module.exports = {
  forbidden: [
    ...perRow,
    {
      name: 'record-service alone',
      severity: 'error',
      comment: 'The service shares domain and contract with the desktop, nothing else',
      from: { path: '^record-service/' },
      to: { path: '^(main|preload|renderer|test|tools)/' },
    },
    {
      name: 'feature face',
      severity: 'error',
      comment: 'Of another feature only its index.ts may be imported',
      from: { path: '^renderer/features/([^/]+)/' },
      to: {
        path: '^renderer/features/([^/]+)/',
        pathNot: ['^renderer/features/$1/', '^renderer/features/[^/]+/index\\.tsx?$'],
      },
    },
    {
      name: 'nothing imports tests or tools',
      severity: 'error',
      from: { path: '^(domain|contract|main|preload|renderer|record-service)/' },
      to: { path: '^(test|tools)/' },
    },
    {
      name: 'no cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@medplum/fhirtypes' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|\\.vite|\\.gladstone)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json', '.css'],
    },
  },
};
