/**
 * Modules that want out, or want to take the server with them. Each is the body of a `chat:before_ai` hook, or a
 * whole `index.ts`. `held`: it is refused, or ended at a limit, with the reasons that are in order. `harmless`:
 * what it does reaches nothing but its own world, and it answers with what it found: that must be `nothing`.
 */
export type HostileModule = { title: string; source: string } & (
  | { ends: 'harmless' }
  | { ends: 'held'; reasons: ('time' | 'memory' | 'error' | 'result' | 'crash' | 'absent')[] }
);

const hook = (body: string) => `export default { 'chat:before_ai': ({ text }) => { ${body} } };`;
const asyncHook = (body: string) => `export default { 'chat:before_ai': async ({ text }) => { ${body} } };`;
const tell = (found: string) =>
  hook(`return { kind: 'continue', modifications: { text: String(${found}) } };`);
/** Names that would be a way out; the module says which of them it can see. */
const visible = (names: string[]) =>
  tell(
    // By eval, since the bundler puts a function of its own in the place of some of them.
    `(0, eval)(${JSON.stringify(`[${names.map((name) => `typeof ${name} === 'undefined' ? '' : '${name}'`).join(', ')}].join('')`)}) || 'nothing'`,
  );
const attempt = (expression: string) =>
  tell(`(() => { try { return ${expression} ?? 'nothing'; } catch { return 'nothing'; } })()`);
const attemptLater = (expression: string) =>
  asyncHook(`let found = 'nothing';
    try { found = String((await (${expression})) ?? 'nothing'); } catch { found = 'nothing'; }
    return { kind: 'continue', modifications: { text: found } };`);

const time: HostileModule = { title: '', source: '', ends: 'held', reasons: ['time'] };
const memory: HostileModule = {
  title: '',
  source: '',
  ends: 'held',
  reasons: ['memory', 'time', 'crash', 'error'],
};
const refused: HostileModule = { title: '', source: '', ends: 'held', reasons: ['error', 'result'] };
const unbuilt: HostileModule = { title: '', source: '', ends: 'held', reasons: ['absent'] };

const list = (kind: HostileModule, sources: [title: string, source: string][]): HostileModule[] =>
  sources.map(([title, source]) => ({ ...kind, title, source }));

export const hostileModules: HostileModule[] = [
  ...list({ ...time, ends: 'harmless' }, [
    [
      'looks for Node',
      visible(['process', 'require', 'module', 'Buffer', 'global', '__dirname', '__filename']),
    ],
    [
      'looks for the network',
      visible(['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'navigator', 'Request']),
    ],
    [
      'looks for timers',
      visible(['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame']),
    ],
    ['looks for threads and engines', visible(['Worker', 'WebAssembly', 'importScripts'])],
    ['looks for the engine’s own modules', visible(['std', 'os', 'scriptArgs', 'print', 'load', 'bjson'])],
    [
      'asks a constructor for process',
      attempt(`(() => {}).constructor('return process.env.DATABASE_URL')()`),
    ],
    ['asks an async constructor', attemptLater(`(async () => {}).constructor('return process.version')()`)],
    ['asks eval', attempt(`(0, eval)('process.env.HOME')`)],
    ['asks its arguments’ constructor', attempt(`text.constructor.constructor('return process')().pid`)],
    ['imports a file as it runs', attemptLater(`(0, eval)("import('file:///etc/passwd')")`)],
    [
      'imports Node as it runs',
      attemptLater(`(0, eval)("import('node:fs')").then((fs) => fs.readFileSync('/etc/passwd'))`),
    ],
    [
      'walks up the stack by an error',
      attempt(
        `(() => { const e = new Error(); e.stack.includes('node') || e.stack.includes('/work') ? e.stack : null; return e.stack.includes('node:') ? e.stack : null; })()`,
      ),
    ],
    [
      'prepares its stack traces',
      attempt(
        `(() => { let seen; Error.prepareStackTrace = (_, s) => { seen = s; }; void new Error().stack; return seen?.[0]?.getThis?.()?.process; })()`,
      ),
    ],
    [
      'calls its caller',
      attempt(`(function f() { return f.caller?.caller ?? f.arguments?.callee?.caller; })()`),
    ],
    [
      'pollutes Object.prototype for the host',
      hook(
        `Object.prototype.kind = 'block'; Object.prototype.polluted = 'yes'; return { kind: 'continue', modifications: { text: 'nothing' } };`,
      ),
    ],
    [
      'pollutes Array.prototype for the host',
      hook(
        `Array.prototype.map = () => ['x']; Array.prototype.toJSON = () => 'x'; return { kind: 'continue', modifications: { text: 'nothing' } };`,
      ),
    ],
    [
      'overwrites JSON for the host',
      hook(
        `JSON.stringify = () => '{"kind":"block"}'; JSON.parse = () => ({}); return { kind: 'continue', modifications: { text: 'nothing' } };`,
      ),
    ],
    [
      'overwrites Promise for the host',
      asyncHook(
        `Promise.prototype.then = function () { throw 1; }; globalThis.Promise = null; return { kind: 'continue', modifications: { text: 'nothing' } };`,
      ),
    ],
    [
      'overwrites the host’s way in',
      hook(
        `globalThis.raptModule = null; globalThis.console = null; return { kind: 'continue', modifications: { text: 'nothing' } };`,
      ),
    ],
    [
      'writes a log without end',
      hook(
        `for (let i = 0; i < 2e3; i++) console.log('x'.repeat(2000), { i }); return { kind: 'continue', modifications: { text: 'nothing' } };`,
      ),
    ],
  ]),
  ...list(refused, [
    [
      'answers with __proto__',
      hook(`return JSON.parse('{"kind":"continue","__proto__":{"kind":"block"},"constructor":1}');`),
    ],
    [
      'answers with a proxy of everything',
      hook(
        `return new Proxy({}, { get: () => 'block', ownKeys: () => ['kind', 'x'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }) });`,
      ),
    ],
    ['answers with a getter that throws', hook(`return { get kind() { throw new Error('got you'); } };`)],
    ['answers with a circle', hook(`const a = { kind: 'continue' }; a.audit = { a }; return a;`)],
    ['answers with a function', hook(`return () => ({ kind: 'continue' });`)],
    ['answers with toJSON that lies', hook(`return { toJSON: () => undefined };`)],
    ['answers with 2 MB', hook(`return { kind: 'continue', modifications: { text: 'x'.repeat(2e6) } };`)],
    [
      'answers 200,000 levels deep',
      hook(`let s = ''; for (let i = 0; i < 2e5; i++) s += '['; return { toJSON() { return s; }, kind: s };`),
    ],
    [
      'answers with audit of great depth',
      hook(`let a = {}; for (let i = 0; i < 3e3; i++) a = { a }; return { kind: 'continue', audit: a };`),
    ],
    [
      'throws what cannot be read',
      hook(`throw { get message() { throw this; }, toString() { throw this; } };`),
    ],
    ['throws a megabyte', hook(`throw new Error('x'.repeat(1e6));`)],
    ['never settles', asyncHook(`await new Promise(() => {});`)],
    ['answers with a thenable without end', hook(`return { then() {} };`)],
    ['recurses without end', hook(`const f = (n) => f(n + 1) + 1; return f(0);`)],
    ['recurses through a getter', hook(`const o = { get x() { return this.x; } }; return o.x;`)],
    [
      'compares without end',
      hook(`const a = [1, 2, 3]; a.sort(() => { throw new Error('sorted'); }); return a;`),
    ],
  ]),
  ...list(time, [
    ['loops without end', hook(`for (;;) {}`)],
    ['loops as it is loaded', `for (;;) {}\nexport default {};`],
    ['loops in a promise', asyncHook(`await null; while (true) {}`)],
    ['floods with promises', asyncHook(`const f = () => Promise.resolve().then(f); return f();`)],
    ['waits for itself in a circle of awaits', asyncHook(`for (;;) await null;`)],
    ['loops in a getter of its result', hook(`return { get kind() { for (;;) {} } };`)],
    ['loops in toJSON of its result', hook(`return { toJSON() { for (;;) {} } };`)],
    ['loops in the text of its error', hook(`throw { toString() { for (;;) {} } };`)],
    ['loops in a finally', hook(`try { for (;;) {} } finally { for (;;) {} }`)],
    ['loops in a generator', hook(`function* g() { for (;;) yield 1; } for (const _ of g()) {}`)],
    ['loops in a proxy', hook(`const p = new Proxy({}, { has: () => true }); while ('x' in p) {}`)],
    [
      'loops in a comparison',
      hook(
        `const a = Array.from({ length: 1e5 }, (_, i) => i); for (;;) a.sort(() => { let x = 0; while (x < 1e4) x++; return x % 3 - 1; });`,
      ),
    ],
    ['a regular expression bomb', hook(`return /^(a+)+$/.test('a'.repeat(40) + '!');`)],
    [
      'a regular expression bomb as it is loaded',
      `/^(?:(?:x+x+)+)+y$/.test('x'.repeat(60));\nexport default {};`,
    ],
    [
      'a regular expression with backreferences',
      hook(`return /^(a*)*\\1(a*)*\\2(a*)*b$/.test('a'.repeat(60));`),
    ],
    ['replaces in a bomb', hook(`return 'a'.repeat(50000).replace(/(a*)*b/g, '');`)],
    [
      'a number of ten million digits',
      hook(`let n = 3n; for (;;) n = n ** 2n % (1n << 60000n) + 3n ** 20000n;`),
    ],
    ['writes numbers without end', hook(`let n = 7n ** 200000n; for (;;) String(n);`)],
  ]),
  ...list(memory, [
    ['strings that double', hook(`let s = 'x'; for (;;) s += s;`)],
    [
      'answers with 100,000 extractions',
      hook(
        `return { kind: 'continue', extractions: Array.from({ length: 1e5 }, () => ({ kind: 'k', label: 'l' })) };`,
      ),
    ],
    ['answers with 20 MB', hook(`return { kind: 'continue', modifications: { text: 'x'.repeat(2e7) } };`)],
    ['shared buffers without end', hook(`const a = []; for (;;) a.push(new SharedArrayBuffer(1 << 20));`)],
    ['one enormous string', hook(`return 'x'.repeat(2 ** 29);`)],
    ['arrays without end', hook(`const a = []; for (;;) a.push(new Array(1e5).fill(a.length));`)],
    ['a sparse array filled', hook(`return new Array(2 ** 31).fill(0).length;`)],
    ['buffers without end', hook(`const a = []; for (;;) a.push(new ArrayBuffer(1 << 20));`)],
    ['one enormous buffer', hook(`return new Uint8Array(2 ** 31 - 1).length;`)],
    ['maps without end', hook(`const m = new Map(); for (let i = 0; ; i++) m.set(i, { i });`)],
    ['closures without end', hook(`let f = () => 0; for (;;) { const g = f; f = () => g; }`)],
    [
      'promises that hold memory',
      asyncHook(
        `const all = []; for (;;) { all.push(Promise.resolve('x'.repeat(1000 + all.length))); await null; }`,
      ),
    ],
    ['symbols without end', hook(`const o = {}; for (let i = 0; ; i++) o[Symbol('s' + i)] = i;`)],
    ['JSON without end', hook(`let s = '[1]'; for (;;) { JSON.parse(s); s = JSON.stringify([s, s, s]); }`)],
    [
      'a giant regular expression',
      hook(`return new RegExp('(' + 'a?'.repeat(1e6) + '){1000}{1000}'.slice(0, 6)).test('a');`),
    ],
    ['a giant number', hook(`return String(1n << (1n << 33n));`)],
    ['source code without end', hook(`for (let s = '1'; ; s += '+' + s) eval(s);`)],
    [
      'memory as it is loaded',
      `const a = []; for (;;) a.push('x'.repeat(1e5) + a.length);\nexport default {};`,
    ],
    [
      'memory that is caught',
      hook(`for (;;) { try { const a = []; for (;;) a.push(new Array(1e4).fill(1)); } catch {} }`),
    ],
  ]),
  ...list(unbuilt, [
    [
      'imports node:fs',
      `import fs from 'node:fs';\nexport default { 'chat:before_ai': () => fs.readFileSync('/etc/passwd', 'utf8') };`,
    ],
    [
      'imports child_process',
      `import { execSync } from 'child_process';\nexport default { 'chat:before_ai': () => execSync('id') };`,
    ],
    ['requires net', `const net = require('net');\nexport default { 'chat:before_ai': () => net };`],
    [
      'imports a package of the server',
      `import pg from 'pg';\nexport default { 'chat:before_ai': () => pg };`,
    ],
    [
      'imports a file of the server as text',
      `import secret from '../canary.txt';\nexport default { 'chat:before_ai': () => secret };`,
    ],
    [
      'imports a file by its whole path',
      `import secret from '/etc/passwd';\nexport default { 'chat:before_ai': () => secret };`,
    ],
    [
      'imports through a link',
      `import secret from './link.txt';\nexport default { 'chat:before_ai': () => secret };`,
    ],
    [
      'imports the kit’s machinery',
      `import { bundleModule } from '@raptscallions/module-sdk/bundle_module';\nexport default { 'chat:before_ai': () => bundleModule };`,
    ],
    [
      'imports over the network',
      `import x from 'https://example.com/x.js';\nexport default { 'chat:before_ai': () => x };`,
    ],
    [
      'imports data',
      `import x from 'data:text/javascript,export default 1';\nexport default { 'chat:before_ai': () => x };`,
    ],
  ]),
];
