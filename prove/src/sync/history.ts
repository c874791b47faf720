import { setTimeout as sleep } from 'node:timers/promises';
import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { ProofDatabase } from './database';
import { DatabaseWriter } from './database_writer';
import { Device, type Shown, uuidOf } from './device';
import type { Fault } from './faults';
import type { Operation } from './operations';
import { difference, type Sight, type Version, whatMaySee } from './oracle';
import { seededRandom } from './random';
import type { School, SchoolBuilder } from './school';
import type { Servers } from './servers';

export type World = {
  database: ProofDatabase;
  servers: Servers;
  schools: SchoolBuilder;
  fault: Fault | null;
};

/** How long everybody may take to come to rest once the network is whole again; the machine may be busy. */
const restMs = 30_000;

type Edit = {
  device: Device;
  /** the class made, or the name given: found in the database's history and in a refusal's arguments */
  token: string;
  kind: 'create' | 'rename';
  classId: RichId<'class'>;
  /** false: the tab crashed under it, so that nobody was told it is kept */
  stored: boolean;
};
type Sample = { device: Device; snapshot: string; sight: Sight };

/** One history: operations against the world, watched all the time, and held against the oracle at its end. */
export class History {
  readonly violations: string[] = [];
  checkedStates = 0;
  readonly #edits: Edit[] = [];
  readonly #samples = new Map<string, Sample>();
  readonly #nameOrder = new Map<Device, Map<string, number>>();
  #devices: Device[] = [];
  #over = false;

  constructor(
    readonly world: World,
    readonly seed: number,
    readonly operations: readonly Operation[],
  ) {}

  async run(): Promise<void> {
    const { world, seed } = this;
    const school = await world.schools.build();
    const random = seededRandom(seed ^ 0x5eed);
    this.#devices = (
      [
        ['administrator’s first device', school.admin],
        ['administrator’s second device', school.admin],
        ['teacher’s device', school.teacher],
        ['pupil’s device', school.pupil],
      ] as const
    ).map(
      ([name, person], at) =>
        new Device(name, person, world.servers, seededRandom((seed + 1) * 7_919 + at), world.fault),
    );
    for (const device of this.#devices) device.openTab();
    const writer = await DatabaseWriter.connect(world.database, school);
    const watching = this.#devices.map((device) => this.#watch(device));
    try {
      for (const operation of this.operations) {
        await this.#perform(operation, school, writer);
        await sleep(random() * 40);
        if (this.violations.length > 0) break;
      }
      await writer.endLong('commit');
      await this.#rest(school, writer);
    } finally {
      this.#over = true;
      await Promise.all(watching);
      await Promise.all(this.#devices.map((device) => device.close()));
      await writer.close();
    }
  }

  async #perform(operation: Operation, school: School, writer: DatabaseWriter): Promise<void> {
    const { kind, one, two } = operation;
    const device = this.#devices[Math.floor(one * this.#devices.length)];
    const author = this.#devices[one < 0.5 ? 0 : 1];
    if (!device || !author) throw new Error('no devices');
    switch (kind) {
      case 'create':
      case 'clash': {
        const classId = newId('class');
        const [groupId] = school.groups;
        const name = kind === 'create' ? `made ${this.#edits.length}` : 'Class 0 0';
        await this.#edit(
          { device: author, token: classId, kind: 'create', classId, stored: true },
          (engine) => engine.edit('classes.create', { classId, groupId, name }),
        );
        return;
      }
      case 'rename': {
        const own = this.#edits.filter(
          (edit) => edit.kind === 'create' && edit.device === author && edit.stored,
        );
        const chosen = own[Math.floor(two * own.length)];
        if (!chosen) return;
        const name = `renamed ${this.#edits.length}`;
        const { classId } = chosen;
        await this.#edit({ device: author, token: name, kind: 'rename', classId, stored: true }, (engine) =>
          engine.edit('classes.update', { classId, name }),
        );
        return;
      }
      case 'offline':
      case 'online':
        device.page(kind);
        return;
      case 'crashTab':
        await device.crashTab(0);
        if (device.tabs.length === 0) device.openTab();
        return;
      case 'openTab':
        if (device.tabs.length < 3) device.openTab();
        return;
      case 'skew':
        device.skew = (two * 2 - 1) * 3_600_000;
        return;
      case 'killServer':
        await this.world.servers.kill(one);
        return;
      default:
        await writer.perform(operation);
    }
  }

  async #edit(edit: Edit, work: (engine: Device['tabs'][number]['engine']) => Promise<void>): Promise<void> {
    const tab = edit.device.tabs[0];
    if (!tab) return;
    try {
      await work(tab.engine);
    } catch {
      edit.stored = false;
    }
    this.#edits.push(edit);
  }

  /** Looks at a device again and again, as a person does who does not look away. */
  async #watch(device: Device): Promise<void> {
    let before: string | null = null;
    while (!this.#over) {
      const known = [...this.#edits];
      // A tab that crashes under the look shows nothing.
      const shown: Shown | undefined = await device.read().catch(() => undefined);
      if (shown) {
        this.#checkEdits(device, known, shown);
        // Rows under waiting edits are not the server's; such a state is looked at when the edits are done.
        if (shown.snapshot !== null && shown.queued === 0 && shown.snapshot !== before) {
          before = shown.snapshot;
          const { snapshot, sight } = shown;
          this.#samples.set(`${device.name} ${snapshot}`, { device, snapshot, sight });
        }
      }
      await sleep(2);
    }
  }

  /** What somebody has done stays shown, and the newest of it, unless it was refused. */
  #checkEdits(device: Device, known: Edit[], shown: Shown): void {
    const order = this.#nameOrder.get(device) ?? new Map<string, number>();
    this.#nameOrder.set(device, order);
    const isRefused = (token: string) => shown.refused.some((args) => args.includes(`"${token}"`));
    const mine = known.filter((edit) => edit.device === device && edit.stored);
    for (const { kind, classId } of mine) {
      if (kind !== 'create' || isRefused(classId)) continue;
      const name = shown.classNames.get(classId);
      if (name === undefined) {
        this.#violate(device, `what was made vanished: ${classId}`);
        continue;
      }
      const at = mine.findIndex((edit) => edit.kind === 'rename' && edit.token === name);
      const newest = mine.findLastIndex(
        (edit) => edit.kind === 'rename' && edit.classId === classId && !isRefused(edit.token),
      );
      const least = Math.max(order.get(classId) ?? -1, newest);
      // A later name than those known when the look began is no step back.
      const isNewer = at < 0 && this.#edits.slice(known.length).some(({ token }) => token === name);
      if (at < least && !isNewer && !this.#isPending(name)) {
        this.#violate(device, `${classId} went back to “${name}”`);
      }
      order.set(classId, Math.max(least, at));
    }
  }

  /** An edit whose promise has not been answered yet may be shown already. */
  #isPending(name: string): boolean {
    return name === `renamed ${this.#edits.length}`;
  }

  #violate(device: Device, what: string): void {
    const line = `${device.name}: ${what}`;
    if (!this.violations.includes(line)) this.violations.push(line);
  }

  /** The network is whole, nobody writes: everybody comes to show what they may see, and no edit is left. */
  async #rest(school: School, writer: DatabaseWriter): Promise<void> {
    await this.world.servers.ready();
    for (const device of this.#devices) {
      device.network.calm = true;
      if (device.tabs.length === 0) device.openTab();
      device.page('online');
    }
    const until = Date.now() + restMs;
    let versions = await this.#readVersions(school, writer);
    for (const device of this.#devices) {
      for (;;) {
        const shown = await device.read();
        // Edits that still arrive make new versions.
        versions = await this.#readVersions(school, writer);
        const expected = whatMaySee(versions, uuidOf(device.person.userId), null);
        const differs = !shown ? 'shows nothing' : difference(shown.sight, expected);
        if (shown?.queued === 0 && differs === null) break;
        if (Date.now() > until || this.violations.length > 0) {
          this.#violate(device, `at rest, with ${shown?.queued} edits waiting, ${differs}`);
          break;
        }
        await sleep(25);
      }
    }
    await this.#checkSamples(versions);
    await this.#checkOnce(versions);
  }

  async #readVersions(school: School, writer: DatabaseWriter): Promise<Version[]> {
    const { rows } = await writer.owner.query<Version>(
      'select tbl, row_id, xid::text, body from proof.history where tenant_id = $1 order by seq',
      [uuidOf(school.tenantId)],
    );
    return rows;
  }

  /** Every state that was stored is the database at the snapshot it names. */
  async #checkSamples(versions: Version[]): Promise<void> {
    for (const { device, snapshot, sight } of this.#samples.values()) {
      this.checkedStates += 1;
      const differs = difference(sight, whatMaySee(versions, uuidOf(device.person.userId), snapshot));
      if (differs) this.#violate(device, `at ${snapshot} ${differs}`);
    }
  }

  /** Every edit was done once, or refused and shown; one that was never promised, at most once. */
  async #checkOnce(versions: Version[]): Promise<void> {
    const made = new Map<string, number>();
    const nameOf = new Map<string, unknown>();
    const count = (token: string) => made.set(token, (made.get(token) ?? 0) + 1);
    for (const { tbl, row_id: id, body } of versions) {
      if (tbl !== 'classes' || !body) continue;
      if (!nameOf.has(id)) count(id);
      else if (nameOf.get(id) !== body.name) count(String(body.name));
      nameOf.set(id, body.name);
    }
    for (const { device, token, kind, stored } of this.#edits) {
      const shown = await device.read();
      const applied = made.get(kind === 'create' ? uuidOf(token) : token) ?? 0;
      const refused =
        shown?.refused.filter((args) => args.includes(`"${token}"`) && isAbout(kind, args)).length ?? 0;
      if (applied + refused > 1 || (stored && applied + refused === 0)) {
        this.#violate(device, `${kind} ${token} was applied ${applied} times and refused ${refused} times`);
      }
    }
  }
}

/** A class's id is named by its renames too; only its creation names its group. */
function isAbout(kind: Edit['kind'], args: string): boolean {
  return args.includes('"groupId"') === (kind === 'create');
}
