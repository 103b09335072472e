import { setTimeout as sleep } from "node:timers/promises";
import type { Seeded } from "../../support/seeded.ts";
import type { FaultRequest } from "../rds/api/faults.ts";
import type { Database } from "../rds/world/database.ts";
import type { LedgerEntry } from "../rds/world/ledger.ts";
import type { Stage } from "./stage.ts";

/** What was done to a database, by whoever did it: the judge's knowledge of what stood against it. */
export interface Deed {
  readonly id: string;
  readonly what:
    | "dead"
    | "frozen"
    | "applies nothing"
    | "applies late"
    | "broken"
    | "cut off"
    | "works at much";
  readonly at: number;
  /** Null while it lasts. */
  until: number | null;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a fault has at hand; what comes later is ended with the run. */
export interface Scene {
  readonly stage: Stage;
  readonly random: Seeded;
  readonly deeds: readonly Deed[];
  /** While a person reads an end, or nobody has yet noticed that whoever carries a run is dead: no share of the run. */
  readonly pauses: readonly Span[];
  pause(ms: number): Promise<void>;
  later(ms: number, what: () => void | Promise<void>): void;
  /** As soon as the lab has written such an entry. */
  when(of: Pick<LedgerEntry, "operation" | "what">, act: () => void | Promise<void>): void;
  /** Beside the faults that were asked of the endpoint before. */
  inject(...faults: readonly FaultRequest[]): void;
  note(id: string, what: Deed["what"]): void;
  lift(id: string, what: Deed["what"]): void;
}

export const second = "orders-2";
export const third = "orders-3";

export function openScene(stage: Stage, random: Seeded): { readonly scene: Scene; end(): Promise<void> } {
  const timers: NodeJS.Timeout[] = [];
  const pending: Promise<void>[] = [];
  const injected: FaultRequest[] = [];
  const deeds: Deed[] = [];
  const pauses: Span[] = [];
  // What it is done to may be gone by then.
  const act = (what: () => void | Promise<void>) => {
    pending.push(
      sleep(0)
        .then(what)
        .catch(() => undefined),
    );
  };
  const last = (id: string, what: Deed["what"]) =>
    deeds.find((deed) => deed.id === id && deed.what === what && deed.until === null);
  const scene: Scene = {
    ...{ stage, random, deeds, pauses },
    pause: async (ms) => {
      const from = Date.now();
      await sleep(ms);
      pauses.push({ from, to: Date.now() });
    },
    later: (ms, what) => void timers.push(setTimeout(() => act(what), ms)),
    when: ({ operation, what }, done) => {
      const timer = setInterval(() => {
        if (!stage.lab.ledger().some((entry) => entry.operation === operation && entry.what === what)) return;
        clearInterval(timer);
        act(done);
      }, 20);
      timers.push(timer);
    },
    inject: (...faults) => {
      injected.push(...faults);
      stage.inject(...injected);
    },
    note: (id, what) => {
      if (last(id, what) === undefined) deeds.push({ id, what, at: Date.now(), until: null });
    },
    lift: (id, what) => {
      const deed = last(id, what);
      if (deed !== undefined) deed.until = Date.now();
    },
  };
  const end = async () => {
    for (const timer of timers) clearTimeout(timer);
    await Promise.all(pending);
  };
  return { scene, end };
}

export function kill(scene: Scene): void {
  die(scene, scene.stage.primary());
}

export function die({ note }: Scene, { node, id }: Database): void {
  node.signal("SIGKILL");
  note(id, "dead");
}

/** As the host agent of RDS does, unless somebody was faster. */
export async function revive({ lift }: Scene, { node, id }: Database): Promise<void> {
  await node.start();
  lift(id, "dead");
}

export function freeze(scene: Scene, { node, id }: Database, wakesAfterMs: number): void {
  node.signal("SIGSTOP");
  scene.note(id, "frozen");
  scene.later(wakesAfterMs, () => {
    node.signal("SIGCONT");
    scene.lift(id, "frozen");
  });
}

/** By then whoever waits for the call has given up. */
const mostFrozenMs = 150_000;

export function freezePrimary(scene: Scene): void {
  freeze(scene, scene.stage.primary(), 2000 + scene.random.int(40_000));
}

/** It may wake before anybody fails over, who then does not: a call that is only made behind that is waited for. */
export function freezePrimaryUntil(scene: Scene, operation: string): void {
  const primary = scene.stage.primary();
  const ms = 2000 + scene.random.int(40_000);
  const wake = () => {
    primary.node.signal("SIGCONT");
    scene.lift(primary.id, "frozen");
  };
  freeze(scene, primary, mostFrozenMs);
  scene.when({ operation, what: "fault" }, () => scene.later(ms, wake));
}

/** Of its source, in both directions when none is named. */
export function cutReplica(
  { stage, note }: Scene,
  id: string,
  direction?: "to-database" | "from-database",
): void {
  const door = `replica:${stage.lab.database(id).node.name}`;
  if (direction === undefined) stage.primary().doors.cut(door);
  else stage.primary().doors.cut(door, direction);
  note(id, "cut off");
}
