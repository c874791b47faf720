import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleModule } from '@raptscallions/module-sdk/bundle_module';
import { loadEngine, Sandbox } from '@raptscallions/module-sdk/sandbox';
import { createLogger } from '../../../backend/src/lib/logger';
import { ModuleSupervisor } from '../../../backend/src/modules/hooks/module_supervisor';
import { type Benchmark, median } from '../benchmark';
import { percentile } from '../percentile';

// What a chat waits for one module: through the warm pool of threads, against the same sandbox made anew for each
// call, which is as safe and needs no pool.

const rounds = 5;
const callsOfRound = 100;

export const benchmark: Benchmark = {
  title: 'ms a chat waits for one call of a module',
  peer: 'a sandbox made anew for each call',
  target: 2,
  lowerIsBetter: true,
  async measure() {
    const folder = mkdtempSync(path.join(tmpdir(), 'rapt-bench-modules-'));
    const place = path.join(folder, 'word-filter');
    mkdirSync(place);
    writeFileSync(
      path.join(place, 'module.yaml'),
      'name: word-filter\nversion: 1.0.0\ndescription: x\nhooks: [chat:before_ai]\n',
    );
    writeFileSync(
      path.join(place, 'index.ts'),
      `export default { 'chat:before_ai': ({ text }: { text: string }) => ({ kind: 'continue', modifications: { text: text.replace(/dang/g, '****') } }) };`,
    );
    const supervisor = new ModuleSupervisor({ folder, threads: 2, logger: createLogger('silent') });
    await supervisor.start();
    const engine = await loadEngine();
    const code = await bundleModule(place);
    const context = {
      hook: 'chat:before_ai',
      text: 'where is the dang bus',
      config: {},
      session: null,
      noted: {},
    } as const;
    const times = { ours: [] as number[], theirs: [] as number[] };
    const clock = async (into: number[], work: () => Promise<unknown>) => {
      const began = performance.now();
      await work();
      into.push(performance.now() - began);
    };
    try {
      for (let at = 0; at < 20; at++) await supervisor.call('word-filter', context);
      for (let round = 0; round < rounds; round++) {
        for (let at = 0; at < callsOfRound; at++)
          await clock(times.ours, () => supervisor.call('word-filter', context));
        for (let at = 0; at < callsOfRound; at++)
          await clock(times.theirs, async () => {
            const sandbox = await Sandbox.create(engine, code, 128);
            sandbox.prepare(1_000);
            return sandbox.call('chat:before_ai', JSON.stringify(context), 1_000);
          });
      }
    } finally {
      await supervisor.stop();
      rmSync(folder, { recursive: true });
    }
    const row = (by: string, all: number[]) => ({
      by,
      calls: all.length,
      'p50 ms': Number(median(all).toFixed(2)),
      'p99 ms': Number(percentile(all, 0.99).toFixed(2)),
    });
    return {
      rows: [row('warm pool', times.ours), row('made anew', times.theirs)],
      ours: Number(median(times.ours).toFixed(3)),
      theirs: Number(median(times.theirs).toFixed(3)),
    };
  },
};
