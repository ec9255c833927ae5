// Rooms in the order in which data passes through them (the list in README.md): a room imports only from
// rooms above it, and only through their door, index.ts.
const rooms = [
  'foundation',
  'network',
  'kernel',
  'device',
  'plan',
  'partition',
  'strategy',
  'scenario',
  'simulate',
  'runtime',
  'metrics',
  'calibrate',
  'validate',
  'learn',
  'explore',
  'report',
  'gate',
  'studio',
  'cli',
];

const upward = rooms.slice(0, -1).map((room, position) => ({
  name: `${room}-imports-only-from-above`,
  comment: `src/${room}/ may import only from ${rooms.slice(0, position).join(', ') || 'no other room'}.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: `^src/(${rooms.slice(position + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'through-the-door',
      comment: 'Other rooms are imported through their index.ts only.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'library-through-the-doors',
      comment: "The library's own door opens the rooms' doors.",
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$' },
      to: { path: '^src/[^/]+/', pathNot: '^src/[^/]+/index\\.ts$' },
    },
    {
      name: 'known-room',
      comment: 'Every folder of src/ has its place in the list.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${rooms.join('|')})/` },
      to: {},
    },
    {
      name: 'nothing-imports-the-library-door',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: '^src/index\\.ts$' },
    },
    { name: 'no-circle', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'resolvable',
      comment: 'An import that is not found would pass every other rule.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'light-start',
      comment: 'What `nonn --help` loads is commander and these files; everything else is imported on use.',
      severity: 'error',
      from: { path: '^src/cli/(main|program|commands|command)\\.ts$' },
      to: {
        dynamic: false,
        pathNot: ['^src/cli/(program|commands|command)\\.ts$', 'node_modules/commander/'],
      },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    exclude: { path: '^dist/' },
  },
};
