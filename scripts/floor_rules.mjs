// The one ordered list of floors, lowest first, and the rules dependency-cruiser gets from it. The suffix of a
// file is its floor; value imports go down only, `import type` may look up.

/** @typedef {{ name: string, path: string[], instead: string }} Floor */

/** @type {Floor} */
const packages = {
  name: 'packages',
  path: ['^packages/'],
  instead: 'A package knows neither backend nor frontend: move what it needs into a package.',
};

/** @type {Floor[]} */
const backendFloors = [
  packages,
  {
    name: 'configs, lib, base table',
    path: [
      '^backend/src/(configs|lib)/',
      '^backend/src/db/(base_table|create_system_client|pipelining_client|prepared_sql|read_tenant|stored_id|seeds/demo_people)[.]ts$',
    ],
    instead: 'An adapter knows nothing of the school: pass it what it needs as an argument.',
  },
  {
    name: 'tables',
    path: ['[.]table[.]ts$'],
    instead: 'A table only describes columns, indexes and relations: do the work in a service.',
  },
  {
    name: 'db',
    path: ['^backend/src/db/(as_system|at_once|db|enter_tenant|generator_db|run_sql)[.]ts$'],
    instead: 'The registry knows tables only: whoever needs both takes the database as an argument.',
  },
  {
    name: 'events',
    path: ['^backend/src/events/', '[.]event[.]ts$'],
    instead: 'An event says what happened and not what follows: let a task call the service.',
  },
  {
    name: 'services and their parts',
    path: ['[.]service[.]ts$', '^backend/src/modules/[^.]+[.]ts$'],
    instead: 'A service does not know who calls it: move what both need down into a service.',
  },
  {
    name: 'tasks',
    path: ['[.]task[.]ts$'],
    instead: 'A task is a queue around a service: nothing of HTTP belongs in it.',
  },
  {
    name: 'middlewares and procedures',
    path: ['^backend/src/(middlewares|procedures)/', '[.](middleware|procedure)[.]ts$'],
    instead: 'A trust level does not know which procedures use it: pass the difference as an argument.',
  },
  {
    name: 'feature routers',
    path: ['^backend/src/modules/.+[.](router|stream)[.]ts$'],
    instead: 'A router holds procedures of its feature: what two routers need is a service.',
  },
  {
    name: 'routers/',
    path: ['^backend/src/routers/'],
    instead: 'Composition only: start nothing here, do that in server or worker.',
  },
  {
    name: 'server, worker, database scripts',
    path: ['^backend/src/(?!main[.])[a-z0-9_]+[.]ts$', '^backend/src/db/'],
    instead: 'Only main starts servers and workers.',
  },
  { name: 'main', path: ['^backend/src/main[.]ts$'], instead: '' },
];

/** @type {Floor[]} */
const frontendFloors = [
  packages,
  {
    name: 'api, local_db',
    path: ['^frontend/src/(api|local_db)/'],
    instead: 'The client and the local store know tables by name and no feature: hand them what they need.',
  },
  {
    name: 'sync',
    path: ['^frontend/src/sync/'],
    instead: 'Sync knows no feature: main hands it the edits.',
  },
  {
    name: 'queries, edits, plain functions',
    path: [
      '[.](queries|edits)[.]ts$',
      '^frontend/src/edits[.]ts$',
      // A lower-case name that is no hook: it computes and shows nothing.
      '^frontend/src/(components|modules/[a-z0-9_]+)/(?!use_)[a-z0-9_]+[.]ts$',
    ],
    instead:
      'Queries and edits speak to the local store only: let the page bring them together with what it shows.',
  },
  {
    name: 'components and pages',
    path: ['^frontend/src/(components|modules)/'],
    instead: 'A page does not know its route table: use links and hooks of the router package.',
  },
  { name: 'router', path: ['^frontend/src/router[.]tsx$'], instead: 'Only main starts the app.' },
  {
    name: 'main',
    path: ['^frontend/src/(main|App)[.]tsx$', '^frontend/src/register_shell[.]ts$'],
    instead: '',
  },
];

const tests = [
  '[.]test(-d)?[.]tsx?$',
  '^backend/src/test/',
  '^frontend/src/test/',
  '^backend/src/events/test_[a-z_]+[.]ts$',
];
const userApp = '^backend/src/routers/user_app[.]router[.]ts$';
/** `import type`, and what is erased with it. */
const types = ['type-only'];

/** Reads as: whatever stands on one of these floors. @param {Floor[]} floors */
const on = (floors) => floors.flatMap(({ path }) => path);

/**
 * A file stands on the first floor of the list that one of its patterns matches.
 * @param {string} workspace
 * @param {Floor[]} floors
 */
function forbidUpward(workspace, floors) {
  return floors.slice(0, -1).map(({ name, path, instead }, index) => ({
    name: `${workspace}, ${name}`,
    severity: 'error',
    comment: instead,
    from: { path, pathNot: [...tests, ...on(floors.slice(0, index))] },
    to: {
      path: on(floors.slice(index + 1)),
      pathNot: on(floors.slice(0, index + 1)),
      dependencyTypesNot: types,
    },
  }));
}

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
export const floorRules = [
  ...forbidUpward('backend', backendFloors),
  ...forbidUpward('frontend', frontendFloors),
  {
    name: 'no circles',
    severity: 'error',
    comment: 'Cut the circle: move what both need into a file below them. (Tables may refer to each other.)',
    // Seen from every file in it, so one that is no table is enough to find it.
    from: { pathNot: ['[.]table[.]ts$'] },
    to: { circular: true, viaOnly: { dependencyTypesNot: types } },
  },
  {
    name: 'frontend takes one type of the backend',
    severity: 'error',
    comment: "Import the type from '@raptscallions/backend/user_app', and shapes from packages/zod-schemas.",
    from: { path: '^(frontend|packages)/', pathNot: tests },
    to: { path: '^backend/', pathNot: userApp },
  },
  {
    name: 'the user_app router is a type in the browser',
    severity: 'error',
    comment: 'Write `import type`: as a value it would bring the whole server into the bundle.',
    from: { path: '^(frontend|packages)/', pathNot: tests },
    to: { path: userApp, dependencyTypesNot: types },
  },
  {
    name: 'shared components hold no data access',
    severity: 'error',
    comment: 'Pass what is shown as properties, or move the component to its feature.',
    from: { path: '^frontend/src/components/' },
    to: { path: '^frontend/src/(modules|local_db|sync|api)/', dependencyTypesNot: types },
  },
  {
    name: 'a feature keeps its router and tasks to itself',
    severity: 'error',
    comment: "Call the other feature's service instead.",
    // The sync router runs what a browser did offline through the very procedures it would have called.
    from: { path: '^backend/src/modules/([^/]+)/', pathNot: [...tests, '/sync[.]router[.]ts$'] },
    to: {
      path: '^backend/src/modules/.+[.](router|task)[.]ts$',
      pathNot: '^backend/src/modules/$1/',
      dependencyTypesNot: types,
    },
  },
  {
    name: 'nothing depends on tests',
    severity: 'error',
    comment: 'Move what is needed outside the tests out of the test folder.',
    from: { pathNot: [...tests, '^(e2e|bench|prove)/'] },
    to: { path: tests },
  },
  {
    name: 'what runs is a dependency',
    severity: 'error',
    comment:
      'Move the package from devDependencies to dependencies: an installation for production lacks it.',
    from: { path: '^(backend|packages/[^/]+)/src/', pathNot: tests },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: types, pathNot: '^node_modules/@types/' },
  },
  {
    name: 'everything resolves',
    severity: 'error',
    comment: 'The import leads nowhere: correct its path, or add the package to package.json.',
    from: {},
    to: { couldNotResolve: true, pathNot: '^virtual:' },
  },
];

/** Tells whether the list of floors knows a place for a file. @param {string} file from the root */
export function standsOnFloor(file) {
  return on([...backendFloors, ...frontendFloors, ...[{ path: tests }]]).some((pattern) =>
    new RegExp(pattern).test(file),
  );
}
