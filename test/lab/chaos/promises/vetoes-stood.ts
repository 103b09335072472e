import type { Deed } from "../deeds.ts";
import { original } from "../stage.ts";
import { type Case, callsOf, type Records } from "./case.ts";

/** Between what a look saw and the call that follows it. */
const graceMs = 3000;

export interface Watched extends Pick<Case, "fault" | "deeds"> {
  readonly stage: Records;
}

/**
 * Promotions against which something stood, by the lab's ledger of calls, the clients' of rows, and what was done to
 * whom; nothing of it is the responder's own word.
 */
export function wrongPromotions(of: Watched, promoted: readonly string[]): string[] {
  const { stage, fault } = of;
  const nobody = fault.healthy || fault.hopeless;
  const touched = firstTouch(stage);
  return [
    ...(promoted.length > 1 ? [`promoted ${promoted.join(" and ")}`] : []),
    ...(promoted.length > 0 && nobody ? [`${promoted} was promoted and nobody was to be`] : []),
    ...(fault.healthy && touched !== null ? ["a healthy primary was fenced"] : []),
    ...(!fault.planned && touched !== null && worked(of, touched) ? ["a primary that wrote was fenced"] : []),
    ...callsOf(stage, "PromoteReadReplica", "accepted").flatMap(({ id, at }) =>
      stoodAgainst(of, id, Date.parse(at)).map((what) => `promoted ${id} though ${what}`),
    ),
  ];
}

/** When RDS was first asked to wall it or to restart it. */
function firstTouch(stage: Records): number | null {
  const touches = ["ModifyDBInstance", "RebootDBInstance"].flatMap((operation) =>
    callsOf(stage, operation, "asked").filter(({ id }) => id === original),
  );
  return touches.length === 0 ? null : Math.min(...touches.map(({ at }) => Date.parse(at)));
}

/** One that has just fallen was seen to lie there, though its last rows are of the same second. */
function worked({ stage, deeds }: Watched, at: number): boolean {
  const fallen = deeds.some(
    ({ id, what, at: since, until }) =>
      id === original && (what === "dead" || what === "frozen") && since <= at && (until ?? at) >= at,
  );
  return !fallen && wroteUntil(stage, at);
}

/** All the time until then, and not only for a moment between two falls. */
function wroteUntil({ clients }: Records, at: number): boolean {
  const wrote = (from: number, to: number) =>
    clients.ledger.some(({ by, sentAt }) => by === original && sentAt >= from && sentAt < to);
  return [3000, 2000, 1000].every((before) => wrote(at - before, at - before + 1000));
}

function stoodAgainst({ stage, fault, deeds }: Watched, id: string, at: number): string[] {
  const stands = deeds.filter((deed) => deed.at <= at - graceMs && (deed.until === null || deed.until > at));
  const own = stands.filter((deed) => deed.id === id);
  const better = stage
    .replicas()
    .some((other) => other.id !== id && !deeds.some((deed) => deed.id === other.id && deed.at <= at));
  const much = fault.planned && stands.some(({ what }) => what === "works at much");
  return [
    ...own.filter(({ what }) => isVeto(what, stage)).map(({ what }) => `it was ${said[what]}`),
    ...own.filter(({ what }) => lacks(what) && better).map(({ what }) => `another one was not ${said[what]}`),
    ...(much ? [`a large transaction was open on ${original}`] : []),
  ];
}

/** A standby whose source is gone for a moment only lacks what came since. */
function isVeto(what: Deed["what"], { engine }: Records): boolean {
  if (what === "broken") return engine !== "postgres";
  return what === "dead" || what === "frozen" || what === "applies nothing" || what === "applies late";
}

function lacks(what: Deed["what"]): boolean {
  return what === "cut off" || what === "broken";
}

const said: Readonly<Record<Deed["what"], string>> = {
  dead: "dead",
  frozen: "frozen",
  "applies nothing": "not applying",
  "applies late": "late on purpose",
  broken: "broken",
  "cut off": "cut off from its source",
  "works at much": "at work",
};
