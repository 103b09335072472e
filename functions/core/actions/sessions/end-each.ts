import { messageOf, SqlError } from "../../errors.ts";
import type { SqlStatement } from "../../ports.ts";
import { list } from "../../text/wording.ts";
import type { DatabaseWorld } from "../define.ts";
import { checkSession, lookAt, signalOnce } from "../signals/session-signals.ts";
import type { SessionTarget } from "../signals/session-target.ts";
import type { Check, Run, Verdict } from "../steps.ts";
import { waitFor } from "../wait-for.ts";
import { notAlone } from "./alone.ts";
import { targetFrom } from "./session-group.ts";

const goneMs = 5000;

/** The sessions that the statement lists now. */
export async function listed(
  world: DatabaseWorld,
  statement: SqlStatement,
): Promise<readonly SessionTarget[]> {
  const spares = world.guards.actOnAdministrators !== true;
  const rows = await world.session.query(statement, world.signal);
  return rows.map((row) => targetFrom(row, spares));
}

export async function checkEach(world: DatabaseWorld, statement: SqlStatement, most: number): Promise<Check> {
  if (world.repeated) return repeated(await listed(world, statement));
  const sessions = await listed(world, statement);
  const another = sessions.length === 0 ? null : await notAlone(world, statement);
  if (another !== null) return another;
  let going = 0;
  let refusal: Check | null = null;
  for (const session of sessions) {
    const check = await checkSession(world, session, "terminate");
    if (check.kind === "go") going += 1;
    if (check.kind === "refuse") refusal ??= check;
    if (going === most) break;
  }
  if (going > 0) return { kind: "go", says: `${going} of ${sessions.length} sessions may be ended.` };
  return refusal ?? { kind: "already-done", says: "There is no such session any more." };
}

/** The order names nobody: those whom an earlier attempt has ended are gone from the list, and others are there in their place. */
function repeated(sessions: readonly SessionTarget[]): Check {
  const there = sessions.map(({ sessionId }) => String(sessionId));
  const still =
    there.length === 0
      ? "None of that kind is there now."
      : `Of that kind there are now ${there.length}: ${list(there)}.`;
  return {
    kind: "already-done",
    unproved: true,
    says: `An earlier attempt at this order ended without an answer, and may have ended as many as it could; nobody more was ended. ${still}`,
  };
}

/** One after the other, each judged and named again as terminate-session does; what the guards hold back stays. */
export async function endEach(world: DatabaseWorld, statement: SqlStatement, most: number): Promise<Run> {
  const ended: SessionTarget[] = [];
  const guards = new Map<string, number>();
  let broken: Broken | null = null;
  for (const session of await listed(world, statement)) {
    const run = await ending(world, session);
    if (run.kind === "acted") ended.push(session);
    if (run.kind === "refuse") guards.set(run.guard, (guards.get(run.guard) ?? 0) + 1);
    if (run.kind === "failed") broken = { at: session.sessionId, says: run.says };
    if (run.kind === "failed" || ended.length === most) break;
  }
  const left = [...guards].map(([guard, count]) => `${count} by ${guard}`);
  const stays = left.length === 0 ? "" : ` Left alone: ${list(left)}.`;
  if (ended.length === 0 && broken === null) return nobody(guards, stays);
  return {
    kind: "acted",
    says: `${endedText(ended)}${stays}${brokenText(broken)}`,
    killed: ended.map(({ sessionId }) => sessionId),
    verdict: await gone(world, ended, broken !== null),
  };
}

interface Broken {
  readonly at: number;
  readonly says: string;
}

function endedText(ended: readonly SessionTarget[]): string {
  if (ended.length === 0) return "Of no session is it known that it was ended.";
  return `Ended ${ended.length} sessions (${list(ended.map(({ sessionId }) => String(sessionId)))}).`;
}

/** Its signal may have been sent, and only the answer lost. */
function brokenText(broken: Broken | null): string {
  if (broken === null) return "";
  return ` Then it broke off at session ${broken.at}, which may have been ended, too: ${broken.says}.`;
}

/** An answer that is lost half-way must not hide whom it has hit. */
async function ending(world: DatabaseWorld, session: SessionTarget): Promise<Run> {
  try {
    return await signalOnce(world, session, "terminate");
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return { kind: "failed", says: messageOf(error) };
  }
}

function nobody(guards: ReadonlyMap<string, number>, stays: string): Run {
  const [first] = guards.keys();
  if (first === undefined) return { kind: "already-done", says: "There was no such session any more." };
  return {
    kind: "refuse",
    guard: first,
    reason: `None of them may be ended.${stays}`,
    release: "A person looks at each of them (`responder kill`).",
  };
}

async function gone(
  world: DatabaseWorld,
  ended: readonly SessionTarget[],
  broken: boolean,
): Promise<Verdict> {
  let still = ended;
  try {
    const all = await waitFor(world, goneMs, async () => {
      const looks: SessionTarget[] = [];
      for (const session of still)
        if ((await lookAt(world, session))?.sameSession === true) looks.push(session);
      still = looks;
      return still.length === 0 ? "gone" : null;
    });
    if (all !== null && !broken) return { kind: "verified", says: "All of them are gone." };
  } catch (error) {
    return { kind: "not-verified", says: `Whether they are gone could not be seen (${messageOf(error)}).` };
  }
  return {
    kind: "not-verified",
    says:
      still.length === 0
        ? "What became of the one at which it broke off was not seen."
        : `${still.length} of them are still there.`,
  };
}
