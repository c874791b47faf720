import { demoPassword, demoSignIns } from './db/seeds/demo_people';
import { offerSetUp } from './modules/auth/services/set_up_school.service';
import type { App } from './procedures/context';

/** Tells whoever started us where to go and, while there is a demo school, as whom. For people, not for logs. */
export async function announce(app: App, address: string): Promise<void> {
  const { demo } = await app.signInPage();
  const lines = ['', `  Raptscallions is at ${address}`];
  if (app.aiProvider === 'practice') lines.push('  No AI key is set: the built-in practice model answers.');
  if (demo) {
    lines.push('', `  The demo school. Password for all: ${demoPassword}`);
    for (const { name, email, role } of demoSignIns) lines.push(`    ${email.padEnd(34)} ${name}, ${role}`);
  }
  const setUp = app.config.NODE_ENV === 'production' ? await offerSetUp(app.systemDb) : null;
  if (setUp) {
    lines.push('', '  Nobody is here yet. This link makes the first administrator, once, within a day:');
    lines.push(`    ${address}/set-up#${setUp}`);
  }
  process.stdout.write(`${lines.join('\n')}\n\n`);
}
