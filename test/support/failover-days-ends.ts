import type { FailoverWorld } from "../../functions/adapters/memory/failover-world.ts";
import { quarantine } from "../../functions/adapters/memory/replica-set.ts";
import type { FailoverRun } from "../../functions/core/contract/failover.ts";
import { lossText } from "../../functions/core/failover/loss.ts";
import type { Hands } from "./failover-days-people.ts";
import type { Write } from "./failover-days-writers.ts";

/** Each run comes to an end that is told, with a next command. */
export function ended({ told: heardOf }: FailoverWorld, run: FailoverRun, said: readonly string[]): string[] {
  if (run.phase !== "ended" || run.ending === null) return [`${run.id} never ended: ${run.phase}`];
  const { says, nextCommand } = run.ending;
  const heard = heardOf.some(({ run: id }) => id === run.id) || said.includes(says);
  const undelivered = run.notes.some((note) => note.startsWith("The summary could not be delivered"));
  return [
    ...(heard || undelivered ? [] : [`${run.id} ended untold`]),
    ...(nextCommand === "" ? [`${run.id} gave no next command`] : []),
  ];
}

/** Behind a name that the responder moved: rows that were acknowledged before, and are not there. */
export function lost(
  { world, by }: Hands,
  acknowledged: readonly Write[],
  runs: readonly FailoverRun[],
): string[] {
  const server = world.set.servers.get(world.name);
  const moves = movesTo(world.name, runs);
  if (server === undefined || moves.length === 0 || by.deleted || by.promoted.size > 0) return [];
  if (by.namedAt !== null || by.opened.size > 0) return [];
  const has = new Set(server.log.map((change) => ("row" in change ? change.row : -1)));
  const missing = acknowledged.filter(({ row }) => !has.has(row)).map((write) => told(write, moves));
  const untold = missing.filter((says) => says.every((one) => one.startsWith("nothing")));
  return untold.length > 0 ? [`${untold.length} rows lost, told ${untold[0]?.[0]}`] : [];
}

/** By which the name came there, the last first: one that was moved twice may have lost on either way. */
function movesTo(node: string, runs: readonly FailoverRun[]): readonly FailoverRun[] {
  const mover = runs.find(({ candidate, times }) => candidate === node && times.repointed !== null);
  if (mover === undefined) return [];
  const others = runs.filter((run) => run !== mover);
  return [mover, ...(mover.oldPrimary === null ? [] : movesTo(mover.oldPrimary, others))];
}

/** What each move told of the loss, of those behind the one that took it: what was lost before was another one's to tell. */
function told({ by }: Write, moves: readonly FailoverRun[]): readonly string[] {
  const from = moves.findIndex(({ oldPrimary }) => oldPrimary === by);
  return moves.slice(0, from < 0 ? 1 : from + 1).map(({ loss }) => lossText(loss));
}

/** A lock or a fence that nobody would give back, and of which nobody was told. */
export function left(
  { world, records, by }: Hands,
  runs: readonly FailoverRun[],
  said: readonly string[],
): string[] {
  const { set } = world;
  const locks = records.all().map(({ lock }) => lock?.run);
  const holders = runs.filter(({ id, phase }) => locks.includes(id) && phase !== "ended");
  const moved = runs.some(({ times }) => times.promoted !== null);
  const shut = [...set.servers.values()].filter(
    ({ id, fenced, groups, replicaOf }) =>
      replicaOf === null && (fenced || (groups.includes(quarantine) && !by.walled.has(id))),
  );
  const texts = [...said, ...runs.map(({ ending }) => ending?.says ?? "")].join(" ");
  const silent = shut.filter(({ id }) => {
    const name = id.replaceAll("-renamed", "");
    return (
      !new RegExp(`${name}[^.]*(fenced|FENCED|WALLED)`).test(texts) &&
      !/stays? fenced|So may be what was a replica of it/.test(texts)
    );
  });
  return [
    ...holders.map(({ id }) => `the lock is left with ${id}`),
    ...(moved ? [] : silent.map(({ id }) => `${id} is left shut, and nobody was told`)),
  ];
}
