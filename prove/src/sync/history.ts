import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../../backend/src/db/seeds/seeded_random';
import { chooseEdit } from './choose_edit';
import { DatabaseWriter } from './database_writer';
import { Device, type Shown } from './device';
import { Ledger } from './ledger';
import { isEditKind, isWriteKind, type MishapKind, type Operation } from './operations';
import { type Version, whatMaySee } from './oracle';
import { pick } from './pick';
import type { School, SignedIn } from './school';
import { difference, uuidOf } from './sight';
import { StateWatch } from './state_watch';
import type { World } from './world';

/** Which of the rules was broken; the same one is looked for when a history is made smaller. */
export type Rule = 'at rest' | 'moment' | 'shown' | 'ended once' | 'left behind';
export type Violation = { rule: Rule; text: string };

/** How long everybody may take to come to rest once the network is whole again; the machine may be busy. */
const restMs = 45_000;
/** How long one of its steps may take; a busy machine makes every step slow, so nothing is said of their sum. */
const mostMs = 180_000;

type Sample = { device: Device; shown: Shown };

/** One history: operations against the world, watched all the time, and held against the oracle at its end. */
export class History {
  readonly violations: Violation[] = [];
  /** states held against the database at their own snapshot */
  checkedStates = 0;
  /** how many of the operations there was time for before something was violated */
  performed = 0;
  /** tables of which a row was in one of them */
  readonly seenTables = new Set<string>();
  #school: School | undefined;
  readonly #ledger = new Ledger((device, what) => this.#violate('shown', device, what));
  readonly #samples: Sample[] = [];
  #devices: Device[] = [];
  /** steps and when they began, for whoever waits in vain */
  readonly #steps: { name: string; at: number }[] = [{ name: 'begin', at: Date.now() }];

  constructor(
    readonly world: World,
    readonly seed: number,
    readonly operations: readonly Operation[],
  ) {}

  /** @throws Error when one of its steps does not come to an end, with what it was at */
  async run(): Promise<void> {
    const ended = new AbortController();
    const running = this.#run();
    const late = this.#untilStuck(ended.signal);
    // Whichever comes second must not end the process.
    for (const promise of [late, running]) promise.catch(() => {});
    await Promise.race([running, late]).finally(() => ended.abort());
  }

  async #untilStuck(ended: AbortSignal): Promise<void> {
    for (;;) {
      await sleep(1_000, undefined, { signal: ended });
      const began = this.#steps.at(-1)?.at ?? 0;
      if (Date.now() - began > mostMs)
        throw new Error(`history ${this.seed} does not come to an end: ${this.#describeSteps()}`);
    }
  }

  /** The step it is at, and those before it that took longest. */
  #describeSteps(): string {
    const steps = this.#steps.map(({ name, at }, place) => {
      const seconds = Math.round(((this.#steps[place + 1]?.at ?? Date.now()) - at) / 1_000);
      return { text: `${name} (step ${place}, ${seconds} s)`, seconds };
    });
    const slowest = steps.slice(0, -1).sort((a, b) => b.seconds - a.seconds);
    const before = slowest.slice(0, 5).map(({ text }) => text);
    return `it is at ${steps.at(-1)?.text}; before it, longest first: ${before.join(', ')}`;
  }

  #begin(name: string): void {
    this.#steps.push({ name, at: Date.now() });
  }

  async #run(): Promise<void> {
    const { world, seed } = this;
    const school = await world.schools.build();
    this.#school = school;
    const random = seededRandom(seed ^ 0x5eed);
    const { admin, teacher, pupil } = school;
    const seats = [
      ['administrator’s computer', admin],
      ['teacher’s computer', teacher],
      ['teacher’s tablet', teacher],
      ['pupil’s phone', pupil],
      ['shared computer', pupil],
    ] as const;
    for (const [at, [name, person]] of seats.entries()) {
      const dice = seededRandom((seed + 1) * 7_919 + at);
      const signedIn = await world.schools.signIn(person);
      this.#devices.push(new Device(name, signedIn, world.servers, dice, world.fault));
    }
    const writer = await DatabaseWriter.connect(world.database, school, () => world.schools.purge());
    for (const { network } of this.#devices)
      network.betweenPages = () => {
        const kinds = ['failover', 'purge', 'leaveClass', 'joinClass', 'archive', 'pair'] as const;
        return writer.perform({ kind: pick(kinds, random()), one: random(), two: random() });
      };
    for (const device of this.#devices) device.openTab();
    const watches = this.#devices.map(
      (device) =>
        new StateWatch(
          device,
          () => this.#ledger.stored(),
          (shown, stored, isNew) => this.#look(device, shown, stored, isNew),
        ),
    );
    try {
      for (const operation of this.operations) {
        this.performed += 1;
        this.#begin(operation.kind);
        await this.#perform(operation, school, writer);
        await sleep(random() * 40);
        if (this.violations.length > 0) break;
      }
      await writer.perform({ kind: 'endLong', one: 0, two: 0 });
      this.#begin('rest');
      await this.#rest(writer);
    } finally {
      this.#begin('end');
      await Promise.all(watches.map((watch) => watch.stop()));
      await Promise.all(this.#devices.map((device) => device.close()));
      await writer.close();
    }
  }

  async #perform(operation: Operation, school: School, writer: DatabaseWriter): Promise<void> {
    const { kind, one, two } = operation;
    if (isWriteKind(kind)) return writer.perform({ kind, one, two });
    if (!isEditKind(kind)) return this.#suffer(kind, operation, writer);
    const planned = chooseEdit(kind, operation, { school, ledger: this.#ledger, devices: this.#devices });
    if (planned) await this.#ledger.make(planned);
  }

  async #suffer(kind: MishapKind, { one, two }: Operation, writer: DatabaseWriter): Promise<void> {
    const device = pick(this.#devices, one);
    switch (kind) {
      case 'offline':
      case 'online':
        device.page(kind);
        return;
      case 'crashTab':
        await device.crashTab(two < 0.8 ? 0 : device.tabs.length - 1);
        if (device.tabs.length === 0) device.openTab();
        return;
      case 'openTab':
        if (device.tabs.length < 3) device.openTab();
        return;
      case 'stealLock':
        if (device.tabs.length < 3) device.stealLock();
        return;
      case 'skew':
        device.skew = (two * 2 - 1) * 3_600_000;
        return;
      case 'ageCursor':
        await device.ageCursor(two < 0.5 ? 'other stamp' : 'other form');
        return;
      case 'changePerson':
        await this.#changePerson(two < 0.75 ? 'keep' : 'discard');
        return;
      case 'killServer':
        await this.world.servers.kill(one);
        return;
      case 'crashDatabase':
        await writer.crash();
    }
  }

  /** The other of the two pupils sits down at the shared computer. */
  async #changePerson(unsent: 'keep' | 'discard'): Promise<void> {
    const device = this.#devices.find(({ name }) => name === 'shared computer');
    const school = this.#school;
    if (!device || !school) return;
    const left = device.person.userId;
    const next = left === school.pupil ? school.neighbour : school.pupil;
    const signedIn: SignedIn = await this.world.schools.signIn(next);
    const change = await device.changePerson(unsent, signedIn);
    if (!change) return;
    if (!change.kept) this.#ledger.drop(device, left);
    if (change.readable.length > 0) this.#violate('left behind', device, `what ${left} saw is still there`);
  }

  #look(device: Device, shown: Shown, stored: ReturnType<Ledger['stored']>, isNew: boolean): void {
    this.#ledger.checkShown(device, stored, shown);
    if (isNew) this.#samples.push({ device, shown });
  }

  #violate(rule: Rule, device: Device, what: string): void {
    const text = `${device.name}: ${what}`;
    if (!this.violations.some((violation) => violation.text === text)) this.violations.push({ rule, text });
  }

  /** The network is whole, nobody writes: everybody comes to show what they may see, and no edit is left. */
  async #rest(writer: DatabaseWriter): Promise<void> {
    await this.world.servers.ready();
    for (const device of this.#devices) {
      device.network.calm = true;
      if (device.tabs.length === 0) device.openTab();
      device.page('online');
    }
    const shared = this.#devices.find(({ seated }) => seated.size > 1);
    if (shared) {
      await this.#settle([shared], writer);
      this.#begin('change of person at rest');
      const { userId } = shared.person;
      // What somebody left here goes out when they sign in again.
      await this.#changePerson('keep');
      if (shared.person.userId === userId)
        this.#violate('left behind', shared, 'could not be left though nothing waits');
    }
    await this.#settle(this.#devices, writer);
  }

  /** Waits until these devices have come to rest, and looks at what has become of every edit made on them. */
  async #settle(devices: readonly Device[], writer: DatabaseWriter): Promise<void> {
    for (const until = Date.now() + restMs; ; await sleep(20)) {
      const ends: Sample[] = [];
      for (const device of devices) {
        const shown = await device.read().catch(() => undefined);
        if (shown) ends.push({ device, shown });
      }
      if (this.violations.length > 0) return;
      const isLate = Date.now() > until;
      const waiting = ends.reduce((sum, { shown }) => sum + shown.waiting.length, 0);
      if (!isLate && (waiting > 0 || ends.length < devices.length)) continue;
      // Read after the devices were, so that it has all that their cursors say they know.
      const versions = await writer.readVersions();
      this.#checkSamples(versions);
      const problems = ends.flatMap(({ device, shown }) => {
        const differs = difference(shown.sight, this.#expect(versions, shown, null));
        return differs || shown.waiting.length > 0
          ? [{ device, text: `at rest, with ${shown.waiting.length} edits waiting: ${differs}` }]
          : [];
      });
      if (problems.length > 0 && !isLate) continue;
      for (const { device, text } of problems) this.#violate('at rest', device, text);
      if (ends.length < devices.length) throw new Error('a device could not be looked at');
      for (const { device, text } of this.#ledger.findUnended(versions, ends))
        this.#violate('ended once', device, text);
      return;
    }
  }

  /** Every state that was stored is the database at the snapshot it names. */
  #checkSamples(versions: readonly Version[]): void {
    for (const { device, shown } of this.#samples.splice(0)) {
      this.checkedStates += 1;
      for (const key of shown.sight.keys()) this.seenTables.add(key.slice(0, key.indexOf(' ')));
      const differs = difference(shown.sight, this.#expect(versions, shown, shown.snapshot));
      if (differs) this.#violate('moment', device, `at ${shown.snapshot} ${differs}`);
    }
  }

  #expect(versions: readonly Version[], { userId, syncClientId }: Shown, snapshot: string | null) {
    return whatMaySee(versions, { userId: uuidOf(userId), syncClientId }, snapshot);
  }
}
