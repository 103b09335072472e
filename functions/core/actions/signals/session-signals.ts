import type { Engine } from "../../contract/target.ts";
import { SqlError } from "../../errors.ts";
import type { SqlStatement } from "../../ports.ts";
import type { DatabaseWorld } from "../define.ts";
import type { Check, Run } from "../steps.ts";
import { mariadbLooks } from "./mariadb-look.ts";
import type { SessionVerb } from "./moved-on.ts";
import { mysqlLooks } from "./mysql-look.ts";
import { notUndoneCheck } from "./not-undone-guard.ts";
import { postgresLooks } from "./postgres-look.ts";
import { preparedCheck } from "./prepared-guard.ts";
import { describeVictim, signalsOf } from "./preview-signal.ts";
import { looksAgain } from "./refuse.ts";
import { sendSignal } from "./send-signal.ts";
import { guardSession } from "./session-guards.ts";
import type { SessionTarget } from "./session-target.ts";
import type { Looks } from "./signals.ts";
import { readAdministrator, readItsOwn, readNamedLocks, readVictim, type Victim } from "./victim.ts";

const looksByEngine: Readonly<Record<Engine, Looks>> = {
  postgres: postgresLooks,
  mysql: mysqlLooks,
  mariadb: mariadbLooks,
};

/** What the server says of the target's id now; null when there is no such session. */
export async function lookAt(world: DatabaseWorld, input: SessionTarget): Promise<Victim | null> {
  const [row] = await world.session.query(looksByEngine[world.target.engine].look(input), world.signal);
  return row === undefined ? null : readVictim(row);
}

/** Who may not read it does not know it, and what is not known holds. */
async function withAdministrator(
  world: DatabaseWorld,
  input: SessionTarget,
  victim: Victim,
): Promise<Victim> {
  const ask = looksByEngine[world.target.engine].askAdministrator(input);
  if (ask === null || world.guards.actOnAdministrators === true) return victim;
  try {
    const [row] = await world.session.query(ask, world.signal);
    return { ...victim, administrator: readAdministrator(row) };
  } catch (error) {
    if (error instanceof SqlError && error.kind === "permission") return victim;
    throw error;
  }
}

/** Asked for when nobody else was: a person knows what goes with the session. What is not recorded is not known. */
async function withItsOwn(world: DatabaseWorld, input: SessionTarget, victim: Victim): Promise<Victim> {
  if (world.guards.unasked !== true) return victim;
  const { askNamedLocks, askTemporary } = looksByEngine[world.target.engine];
  const locks = await answerTo(world, askNamedLocks(input), readNamedLocks);
  const own = await answerTo(world, askTemporary(input), readItsOwn);
  return {
    ...victim,
    holdsAdvisory: locks === undefined ? victim.holdsAdvisory : locks,
    holdsTemporary: own?.holdsTemporary ?? null,
    usesViews: own?.usesViews ?? null,
  };
}

/** Undefined where there is nothing to ask, null where there is no answer. */
async function answerTo<T>(
  world: DatabaseWorld,
  ask: SqlStatement | null,
  read: (row: unknown) => T,
): Promise<T | null | undefined> {
  if (ask === null) return undefined;
  try {
    const [row] = await world.session.query(ask, world.signal);
    // The session has gone meanwhile, which the acting statement tells.
    return row === undefined ? null : read(row);
  } catch (error) {
    if (error instanceof SqlError && ["permission", "missing-object"].includes(error.kind)) return null;
    throw error;
  }
}

export async function checkSession(
  world: DatabaseWorld,
  input: SessionTarget,
  verb: SessionVerb,
): Promise<Check> {
  // Nobody to look at: pid 0 is what lock views say of a prepared transaction.
  const looked = input.sessionId > 0 ? await lookAt(world, input) : null;
  const victim =
    looked === null ? null : await withItsOwn(world, input, await withAdministrator(world, input, looked));
  const looks = looksByEngine[world.target.engine];
  return (
    guardSession(victim, input, world.guards, verb) ??
    (await preparedCheck(world, input, verb, looks)) ??
    (await notUndoneCheck(world, input, looks)) ?? {
      kind: "go",
      says: describeVictim(input),
    }
  );
}

/** Judges and signals once. What was judged is named again in the acting statement. */
export async function signalOnce(
  world: DatabaseWorld,
  input: SessionTarget,
  verb: SessionVerb,
): Promise<Run> {
  const check = await checkSession(world, input, verb);
  if (check.kind !== "go") return check;
  const { target, guards } = world;
  // The order's settings are newer than the proposal's: both have to allow it.
  const spares = input.sparesAdministrators || guards.actOnAdministrators !== true;
  const sent = await sendSignal(world, signalsOf(target)[verb](input, { target, spares }));
  switch (sent.kind) {
    case "signalled":
      return {
        kind: "acted",
        says: `Sent ${verb} to ${describeVictim(input)}.`,
        killed: [input.sessionId],
      };
    case "no-match":
      return afterMiss(world, input, verb);
    case "denied":
      return {
        kind: "refuse",
        guard: "server-refused",
        reason: `The database refused to ${verb} session ${input.sessionId}: ${sent.says}.`,
        release: "Give the acting user the action's grants, unless this session is one the server protects.",
      };
    default:
      return sent satisfies never;
  }
}

/** Nothing matched: the session changed between the look and the signal. A second look says into what. */
async function afterMiss(world: DatabaseWorld, input: SessionTarget, verb: SessionVerb): Promise<Run> {
  const again = await checkSession(world, input, verb);
  if (again.kind !== "go") return again;
  return {
    kind: "refuse",
    guard: "session-changed",
    reason: `Session ${input.sessionId} was not what had been judged at the moment of acting; nothing was done.`,
    release: looksAgain,
  };
}
