import type { FailoverRun } from "../../functions/core/contract/failover.ts";
import { decideFailover } from "../../functions/core/failover/decide-failover.ts";
import type { RunStore } from "../../functions/core/failover/ports.ts";
import type { Clock } from "../../functions/core/ports.ts";
import { createDesk } from "./failover-days-desk.ts";
import { createGtids } from "./failover-days-gtids.ts";
import { createMachine, type Machine } from "./failover-days-machine.ts";
import { type ByPeople, born, type Hands, happen, heal } from "./failover-days-people.ts";
import { createDaysPorts } from "./failover-days-ports.ts";
import { createGroupRecords } from "./failover-days-records.ts";
import { type DaysScript, daysOf } from "./failover-days-script.ts";
import { createDaysWitness, type DaysWitness } from "./failover-days-witness.ts";
import { createDays, type Days } from "./failover-days-world.ts";
import { type Seeded, seeded } from "./seeded.ts";

const minute = 60_000;
/** So long functions die and calls go astray. */
const chaosMs = 90 * minute;
const sweepEveryMs = 2 * minute;
/** What comes late has come by then. */
const quietMs = 720 * minute;
const quietSweeps = 15;

export interface DaysPlayed {
  readonly script: DaysScript;
  readonly witness: DaysWitness;
  /** Broken promises, in words; empty when all is well. */
  readonly broken: readonly string[];
  /** All that happened, for whoever looks for a reason. */
  readonly story: readonly string[];
}

/** Days of a group with its responder: executions, the sweeper and people, by the shipped handler, until all is quiet. */
export async function playDays(seed: number, change: Partial<DaysScript> = {}): Promise<DaysPlayed> {
  const script = { ...daysOf(seed), ...change };
  const random = seeded(seed + 7_000_003);
  const past = (): number => days.world.now() - start;
  const quiet = () => past() >= script.quietAtMs;
  const calm = () => quiet() || past() > chaosMs;
  const days = createDays(
    random,
    () => (calm() ? 0 : script.mishaps),
    () => (quiet() ? 0 : script.promoteMs),
  );
  const { world } = days;
  if (script.engine === "mysql") world.topology = { engine: "mysql" };
  const gtids = script.engine === "mysql" ? createGtids(world) : null;
  const start = world.now();
  const [story, broken, said]: [string[], string[], string[]] = [[], [], []];
  const tell = (says: string) => story.push(`${Math.round(past() / 1000)} s: ${says}`);
  const broke = (says: string) => broken.push(says);
  const by: ByPeople = { ...{ opened: new Map(), promoted: new Set(), walled: new Set() }, ...never() };
  const records = createGroupRecords(
    world,
    (id) => witness.runs().find((run) => run.id === id)?.group ?? null,
  );
  const hands: Hands = {
    ...{ world, by, records },
    resources: new Map([...world.set.servers.keys()].map((id) => [id, `res-${id}`])),
  };
  const witness: DaysWitness = createDaysWitness(hands, { said, sweepsSince: (time) => sweeper.since(time) });
  const ports = createDaysPorts({
    ...{
      world,
      random,
      resources: hands.resources,
      records,
      said,
      clock: days.clock,
      told: gtids?.told,
      refused: witness.refused,
    },
    reads: () => (calm() ? 0 : script.reads),
    stores: { random: seeded(seed + 9_000_011), fails: () => (calm() ? 0 : script.stores) },
    did: (deed) => {
      tell(`${deed.by} ${deed.what} ${deed.node}`);
      witness.did(deed);
    },
  });
  const machine = createMachine({ days, random, script, ports, calm, tell, broke });
  const office = { hands, random, quiet, tell, broke, execute: machine.execute, runs: witness.runs };
  const desks = script.people.map((person) => createDesk(person, start + person.startsAtMs, office));
  const planned = [...script.happenings].sort((a, b) => a.atMs - b.atMs);
  const sweeper = createSweeper(days, machine, () => quiet() || random.chance(script.sweeps));
  const isAsked = () => [...world.runs.values()].some((body) => body.includes('"is":"pending"'));
  const asking = () => (isAsked() ? witness.runs() : []);
  let healed = false;
  const atRest = () => machine.executions.every(({ over }) => over);
  const happens = () => {
    while (!quiet() && (planned[0]?.atMs ?? Number.POSITIVE_INFINITY) <= past()) {
      befall(planned.shift(), hands, tell);
    }
    if (!quiet() || healed) return;
    healed = true;
    settled(days);
    tell("quiet");
  };
  const isOver = () =>
    quiet() &&
    atRest() &&
    desks.every(({ idle }) => idle) &&
    sweeper.since(start + script.quietAtMs) > quietSweeps;
  while (past() < script.quietAtMs + quietMs && !isOver()) {
    const stepMs = !atRest() || past() < 5 * minute ? 1000 : 30_000;
    days.pass(stepMs);
    born(hands, random, quiet() ? 0 : script.unwell);
    witness.clientsWrite(stepMs);
    gtids?.note();
    happens();
    sweeper.work();
    const approver = quiet() ? atOnce : script.approver;
    const cards = { runs: ports.runs, clock: days.clock, approvers: ["U1"] };
    click(asking(), cards, random, approver, by, tell);
    machine.step();
    for (const desk of desks) desk.work();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { script, witness, story, broken: [...broken, ...witness.atTheEnd()] };
}

const never = () => ({ forced: new Map<string, number>(), namedAt: null, deleted: false });
const atOnce: DaysScript["approver"] = { grants: 10, afterMs: minute };

function befall(
  one: DaysScript["happenings"][number] | undefined,
  hands: Hands,
  tell: (says: string) => void,
) {
  if (one === undefined) return;
  tell(`${one.what} ${one.of}`);
  happen(one, hands);
}

function settled({ world }: Days): void {
  world.switchedAt = null;
  for (const server of world.set.servers.values()) heal(world, server);
}

interface Cards {
  readonly runs: RunStore;
  readonly clock: Clock;
  readonly approvers: readonly string[];
}

/** Somebody clicks on a card, also on one that asks what a redrive gives up, at whichever moment of that time. */
function click(
  all: readonly FailoverRun[],
  cards: Cards,
  random: Seeded,
  { grants, afterMs }: DaysScript["approver"],
  { forced }: ByPeople,
  tell: (says: string) => void,
): void {
  const open = all.filter(({ phase, approval }) => phase === "approve" && approval?.is === "pending");
  for (const { id: run, approval } of open) {
    if (!random.chance(2000 / afterMs)) continue;
    const decision = random.int(10) < grants ? "approve" : "decline";
    const of = { run, decision, by: "U1", messageTs: approval?.card?.ts ?? "" } as const;
    const clicked = ({ accepted }: { readonly accepted: boolean }) => {
      if (!accepted) return;
      tell(`${decision} clicked for ${run}`);
      // The card says what is overridden.
      if (forced.has(run)) forced.set(run, cards.clock.now());
    };
    // Its answer may be late, or lost: whoever clicked clicks again.
    decideFailover(of, cards).then(clicked, () => undefined);
  }
}

function createSweeper({ world }: Days, machine: Machine, comes: () => boolean) {
  let sweptAt = world.now();
  const rounds: number[] = [];
  return {
    since: (time: number) => rounds.filter((at) => at >= time).length,
    work: () => {
      if (world.now() - sweptAt < sweepEveryMs) return;
      sweptAt = world.now();
      if (!comes()) return;
      rounds.push(sweptAt);
      machine.sweep();
    },
  };
}
