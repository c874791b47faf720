import { parentPort, workerData } from 'node:worker_threads';
import { type Engine, Sandbox } from '@raptscallions/module-sdk/sandbox';
import type { ThreadJob, ThreadReport } from './sandbox_threads';

// The program of a thread of `SandboxThreads`: it runs one call after the other and says how far it is, so that
// whoever waits knows which clock to look at. A limit that was met ends the thread from outside.

const { engine }: { engine: Engine } = workerData;
const sandboxes = new Map<string, Sandbox>();
const report = (what: ThreadReport) => parentPort?.postMessage(what);

parentPort?.on('message', (job: ThreadJob) => {
  void perform(job).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    report({ kind: 'answer', answer: { ok: false, reason: 'crash', message, log: [] } });
  });
});

report({ kind: 'ready' });

async function perform({ module, call }: ThreadJob): Promise<void> {
  const { key, code, memoryMb, loadMs } = module;
  let sandbox = sandboxes.get(key);
  if (!sandbox) {
    sandbox = await Sandbox.create(engine, code, memoryMb);
    sandboxes.set(key, sandbox);
  }
  const failure = sandbox.prepare(loadMs);
  if (failure) {
    report({ kind: 'answer', answer: { ok: false, ...failure, log: [] } });
    if (failure.reason !== 'error') return;
  } else if (call) {
    report({ kind: 'begun' });
    const answer = sandbox.call(call.hook, call.context, call.timeoutMs);
    report({ kind: 'answer', answer });
    if (!answer.ok && answer.reason !== 'error') return;
    // While nobody waits: the world of the next call.
    const unready = sandbox.prepare(loadMs);
    if (unready && unready.reason !== 'error') return report({ kind: 'gone', message: unready.message });
  }
  report({ kind: 'ready' });
}
