import { type Snooze, standing } from "../../contract/snooze.ts";
import { clockTime } from "../../messages/wording.ts";
import { duration } from "../../text/wording.ts";
import type { Deps } from "../deps.ts";
import { findDatabase } from "./find-database.ts";

export type SnoozeDeps = Pick<Deps, "incidents" | "clock" | "log">;

export interface SnoozeWish {
  readonly name: string;
  readonly seconds: number;
  readonly reason: string;
  readonly by: string;
}

const tries = 4;
/** An item of the table holds 400 KB, and nobody keeps an eye on more than so many. */
const mostSnoozes = 50;

/** Leaves a database alone for a time. A name that RDS does not know protects nothing, and is refused. */
export async function snoozeDatabase(
  wish: SnoozeWish,
  maxSeconds: number,
  deps: SnoozeDeps & Pick<Deps, "rds">,
): Promise<string> {
  const found = await findDatabase(wish.name, deps);
  if (found.kind === "unknown") return `${found.says} Nothing is snoozed.`;
  const kept = await keepSnooze(wish, maxSeconds, deps);
  return found.kind === "unread" && kept.snoozed
    ? `${kept.says} ${found.says} Look at the name once more: a wrong one protects nothing.`
    : kept.says;
}

export interface Kept {
  readonly snoozed: boolean;
  readonly says: string;
}

/** The same without asking RDS, for where it cannot be asked. */
export async function keepSnooze(
  { name, seconds, reason, by }: SnoozeWish,
  maxSeconds: number,
  deps: SnoozeDeps,
): Promise<Kept> {
  if (seconds > maxSeconds)
    return { snoozed: false, says: `At most ${duration(maxSeconds)} at a time. Nothing is snoozed.` };
  const now = deps.clock.now();
  const until = new Date(now + seconds * 1000).toISOString();
  const snooze: Snooze = { name, until, reason, by, at: new Date(now).toISOString() };
  const done = await change((list) => {
    const others = list.filter((one) => one.name !== name);
    return others.length < mostSnoozes ? [...others, snooze] : "too-many";
  }, deps);
  if (done !== "written") return { snoozed: false, says: notWritten(done) };
  deps.log.info("database.snoozed", { name, until, by, reason });
  const says = `Snoozed: nothing is done to ${name} before ${clockTime(until, now)}. It is still watched and told about; what was begun goes on.`;
  return { snoozed: true, says };
}

/** It may be acted on again, as policy says. */
export async function endSnooze(name: string, by: string, deps: SnoozeDeps): Promise<string> {
  const done = await change(
    (list) => (list.some((one) => one.name === name) ? list.filter((one) => one.name !== name) : "none"),
    deps,
  );
  if (done === "none") return `${name} is not snoozed.`;
  if (done !== "written") return notWritten(done);
  deps.log.info("database.snooze-ended", { name, by });
  return `${name} is not snoozed any more: what policy allows is done again.`;
}

type NotWritten = "too-many" | "none" | "busy";

/** On what stands by now: of two who write at once, both count. */
async function change(
  next: (list: readonly Snooze[]) => readonly Snooze[] | "too-many" | "none",
  { incidents, clock }: SnoozeDeps,
): Promise<"written" | NotWritten> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const { revision, list } = await incidents.snoozes();
    const after = next(standing(list, clock.now()));
    if (typeof after === "string") return after;
    if (await incidents.saveSnoozes({ revision, list: [...after] })) return "written";
  }
  return "busy";
}

function notWritten(why: NotWritten): string {
  return why === "too-many"
    ? `${mostSnoozes} databases are snoozed already. Nothing was changed.`
    : "Others write at the same moment. Nothing was changed; try again.";
}
