/**
 * The import rules of ARCHITECTURE.md. Across folders: only upwards in this list. Within a folder: transport → use
 * cases → data → pure.
 */
const FOLDERS = [
  'database',
  'log',
  'access',
  'graphql',
  'health',
  'project',
  'item',
  'intake',
  'assignment',
  'review',
  'dataset',
  'webhook',
  'insight',
  'cli',
];

const upwards = FOLDERS.map((folder, i) => ({
  name: `${folder}-imports-only-upwards`,
  comment: `${folder}/ may import only from the folders before it: ${FOLDERS.slice(0, i).join(', ') || 'none'}.`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: `^src/(${FOLDERS.slice(i + 1).join('|') || '-'})/` },
}));

const LAYERS = ['lifecycle', 'entity|queries|sql', 'service', 'resolver|subscription|controller|input'];

const layers = LAYERS.slice(0, -1).map((layer, i) => ({
  name: `${layer.replaceAll('|', '-')}-knows-nothing-of-its-callers`,
  comment: 'Within a folder: transport → use cases → data → pure.',
  severity: 'error',
  from: { path: `^src/([^/]+)/.*\\.(${layer})\\.ts$` },
  // The shape of an input may be named below; its class, with its validators, is transport.
  to: { path: `^src/$1/.*\\.(${LAYERS.slice(i + 1).join('|')})\\.ts$`, dependencyTypesNot: ['type-only'] },
}));

module.exports = {
  forbidden: [
    ...upwards,
    ...layers,
    {
      name: 'ground-imports-nothing-above-it',
      comment: 'errors.ts, config.ts and logging.ts are what everything else stands on.',
      severity: 'error',
      from: { path: '^src/(errors|config|logging)\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(errors|config|logging)\\.ts$' },
    },
    {
      name: 'nothing-imports-the-assembly',
      comment: 'What assembles the app is imported by nothing but what starts it.',
      severity: 'error',
      from: { path: `^src/(${FOLDERS.filter((it) => it !== 'cli').join('|')})/` },
      to: { path: '^src/(app|app\\.module|entities|main|npm-parent|service)\\.ts$' },
    },
    {
      name: 'intake-and-assignment-never-meet',
      comment: 'They meet only in the database.',
      severity: 'error',
      from: { path: '^src/assignment/' },
      to: { path: '^src/intake/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-development-packages',
      comment: 'What runs in production is installed in production.',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'src-does-not-import-tests',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'no-barrels',
      comment: 'Import from where a thing is.',
      severity: 'error',
      from: {},
      // formats/ lists what there is to export: a registry.
      to: { path: '^src/.*index\\.ts$', pathNot: '^src/dataset/formats/index\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
