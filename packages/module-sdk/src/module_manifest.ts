import { hookName, moduleLevel, moduleName } from '@raptscallions/zod-schemas/hook.zod';
import { load, YAMLException } from 'js-yaml';
import semver from 'semver';
import { z } from 'zod';

const sentence = z.string().trim().min(1).max(500);
const version = z.string().refine((text) => semver.valid(text) === text, 'must look like 1.0.0');
const range = z
  .string()
  .max(60)
  .refine((text) => semver.validRange(text) !== null, 'must look like ^1.0.0');
const milliseconds = z.int().min(10).max(60_000);

/** 1 to 10 for safety, 20 to 40 for what changes texts, 50 for the rest, 90 to 99 for what only writes down. */
const priority = z.int().min(1).max(99);
export const defaultPriority = 50;
export const defaultTimeoutMs = 5_000;

/** An object schema of JSON Schema, which zod can read; the form of the settings page is drawn from it. */
const configSchema = z
  .looseObject({ type: z.literal('object'), properties: z.record(z.string(), z.looseObject({})).default({}) })
  .superRefine((schema, ctx) => {
    const { problem } = readConfigSchema(schema);
    if (problem) ctx.addIssue({ code: 'custom', message: problem });
  });

/** `module.yaml`: what a module is, where it reads along, and what it may cost. */
export const ModuleManifestZod = z
  .strictObject({
    name: moduleName,
    version,
    description: sentence,
    hooks: z.array(hookName).min(1),
    displayName: z.string().trim().min(1).max(100).optional(),
    author: z.string().trim().max(100).optional(),
    license: z.string().trim().max(60).optional(),
    /** one of the app's drawings, such as `flag`; another word shows the usual one */
    icon: z.string().trim().max(30).optional(),
    priorities: z.partialRecord(hookName, priority).default({}),
    /** ms a call may take */
    timeouts: z.partialRecord(hookName, milliseconds).default({}),
    config: configSchema.default({ type: 'object', properties: {} }),
    defaults: z.record(z.string(), z.json()).default({}),
    /** where it may be switched on */
    scope: z
      .array(moduleLevel)
      .min(1)
      .default([...moduleLevel.options]),
    /** what it is told besides the text */
    permissions: z.array(z.enum(['history', 'tool', 'person'])).default([]),
    limits: z
      .strictObject({
        memoryMb: z.int().min(8).max(512).default(128),
        /** ms; no call takes longer, whatever `timeouts` says */
        milliseconds: milliseconds.default(10_000),
      })
      .prefault({}),
    /** modules that run before it, and the versions it works with */
    dependencies: z.record(moduleName, range).default({}),
    /** when it cannot say: let the message pass, or hold it back */
    on_error: z.enum(['continue', 'block']).default('continue'),
    tags: z.array(z.string().trim().min(1).max(40)).max(20).default([]),
  })
  .superRefine((manifest, ctx) => {
    for (const field of ['priorities', 'timeouts'] as const) {
      for (const hook of Object.keys(manifest[field])) {
        if (!manifest.hooks.some((named) => named === hook)) {
          ctx.addIssue({ code: 'custom', path: [field, hook], message: `${hook} is not among its hooks` });
        }
      }
    }
    if (manifest.name in manifest.dependencies) {
      ctx.addIssue({ code: 'custom', path: ['dependencies'], message: 'a module cannot depend on itself' });
    }
    const { schema } = readConfigSchema(manifest.config);
    const wrong = schema?.safeParse(manifest.defaults).error?.issues[0];
    if (wrong) {
      ctx.addIssue({ code: 'custom', path: ['defaults', ...wrong.path], message: wrong.message });
    }
  });
export type ModuleManifest = z.output<typeof ModuleManifestZod>;

/** The check of a module's config as its schema wants it. */
export function readConfigSchema(
  config: object,
): { schema: z.ZodType; problem?: undefined } | { schema?: undefined; problem: string } {
  try {
    return { schema: z.fromJSONSchema({ ...config, additionalProperties: false }) };
  } catch (error) {
    return { problem: `config is no JSON Schema: ${error instanceof Error ? error.message : error}` };
  }
}

/** Characters of a module.yaml; a schema of many options stays far below. */
const longestManifest = 65_536;

/** @throws Error with a sentence for whoever wrote the file */
export function parseManifest(yaml: string): ModuleManifest {
  if (yaml.length > longestManifest)
    throw new Error(`module.yaml is longer than ${longestManifest} characters`);
  let read: unknown;
  try {
    read = load(yaml, { maxDepth: 20, maxAliases: 0 });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new Error(`module.yaml, line ${(error.mark?.line ?? 0) + 1}: ${error.reason}`);
  }
  const parsed = ModuleManifestZod.safeParse(read);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`module.yaml, ${issue?.path.join('.') || 'at the top'}: ${issue?.message}`);
}
