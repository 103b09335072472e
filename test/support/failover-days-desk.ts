import type { FailoverRun } from "../../functions/core/contract/failover.ts";
import { InvalidInputError } from "../../functions/core/errors.ts";
import { watchEnded } from "../../functions/core/failover/end-watch.ts";
import type { Execution } from "./failover-days-machine.ts";
import { type Hands, typed } from "./failover-days-people.ts";
import type { Person } from "./failover-days-script.ts";
import { original } from "./failover-script.ts";
import type { Seeded } from "./seeded.ts";

const minute = 60_000;
/** Who hears the same end so often has no way out. */
const mostSame = 4;
const mostTyped = 8;

export interface Office {
  readonly hands: Hands;
  readonly random: Seeded;
  quiet(): boolean;
  execute(input: unknown): Execution;
  tell(says: string): void;
  broke(says: string): void;
  runs(): readonly FailoverRun[];
}

const carriedOut =
  /responder failover (--(redrive|give-back|gone)|\w)|^aws rds (modify|delete|reboot|promote)/;
/** What an end says of the ways that there are, where it leaves the choice to people. */
const way =
  /(?:aws rds [^&.:]+ && )*responder failover --(?:redrive|give-back|gone) [\w-]+(?: --force [\w-]+| --table \w+)*/g;

function waysIn(says: string): readonly string[] {
  return [...says.matchAll(way)].map(([command]) => command);
}

export interface Desk {
  readonly idle: boolean;
  work(): void;
}

/** One person: he hears of an end, waits, and types what it printed, or what he thinks is better; once all is quiet only that. */
export function createDesk(person: Person, startsAt: number, office: Office): Desk {
  const { hands, quiet, tell, broke, execute, random } = office;
  const { world } = hands;
  let command: string | null = "responder failover";
  let dueAt = startsAt;
  let next = 0;
  let waitsFor: { run: string; execution: Execution } | null = null;
  const ends: string[] = [];

  const plan = (what: string | null) => {
    const after = quiet() ? 20 * minute : (person.after[next] ?? null);
    next += 1;
    command = after === null || ends.length > mostTyped ? null : what;
    dueAt = world.now() + (after ?? 0);
  };
  const chosen = (run: string, printed: string, says: string): string | null => {
    if (quiet() || random.int(10) < person.obeys) {
      const ways = carriedOut.test(printed) ? [printed] : waysIn(says);
      return ways[random.int(ways.length)] ?? null;
    }
    return random.pick([
      `responder failover --redrive ${run}`,
      `responder failover --redrive ${run} --force ${random.pick(["primary-alive", "old-primary-unfenced"])}`,
      `responder failover --give-back ${run}`,
      `responder failover --gone ${run} --table TABLE`,
      "responder failover",
      `responder failover --force ${random.pick(["primary-alive", "failed-over-lately"])}`,
    ]);
  };
  /** Its printed command may lead to the same end a few times, for RDS is slow: not for ever. */
  const isStuck = (end: string, printed: string): boolean => {
    if (quiet()) ends.push(end);
    const same = ends.slice(-mostSame);
    if (same.length < mostSame || new Set(same).size > 1) return false;
    if (/responder failover --(redrive|give-back)/.test(printed)) {
      broke(`the printed command leads to the same end for ever: ${end}`);
    }
    return true;
  };
  const hears = ({ run: id, execution }: NonNullable<typeof waitsFor>) => {
    if (!execution.over) return;
    const run = office.runs().find((one) => one.id === id);
    // Nobody goes on with it by now but the sweeper.
    if (run !== undefined && run.phase !== "ended") return;
    waitsFor = null;
    if (run?.ending == null) return plan(quiet() ? null : "responder failover");
    const { status, phase, says, nextCommand } = run.ending;
    const end = `${id} ${status} ${phase} ${nextCommand} ${says.replaceAll(/\d/g, "")}`;
    if (!isStuck(end, nextCommand)) plan(chosen(id, nextCommand, says));
  };
  /** As bin/cli/failover-run.ts does it: what is not there, or goes on still, is refused. */
  const endsWatch = (id: string) => {
    const run = office.runs().find((one) => one.id === id);
    if (run === undefined) return;
    try {
      const ended = watchEnded(run, world.now());
      world.runs.set(id, JSON.stringify({ ...ended, revision: run.revision + 1 }));
      // Whoever says so looks after it himself.
      if (run.oldPrimary !== null) hands.by.opened.set(run.oldPrimary, world.now());
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      tell(error.message);
    }
  };
  /** Word by word, as bin/commands/failover.ts reads it; the name alone is left out by whoever types by heart. */
  const start = (own: string) => {
    const option = (name: string) => new RegExp(`--${name} (\\S+)`).exec(own)?.[1];
    const [redrive, giveBack, gone] = [option("redrive"), option("give-back"), option("gone")];
    const forced = [...own.matchAll(/--force (\S+)/g)].map(([, name]) => name ?? "");
    if (redrive !== undefined) {
      if (forced.length > 0) hands.by.forced.set(redrive, world.now());
      const force = forced.length > 0 ? { force: forced } : {};
      waitsFor = { run: redrive, execution: execute({ redrive, ...force }) };
    } else if (giveBack !== undefined) waitsFor = { run: giveBack, execution: execute({ giveBack }) };
    else if (gone !== undefined) endsWatch(gone);
    else if (!own.includes("--show")) begins(inputOf(own, forced, option("candidate")));
  };
  const begins = (input: ReturnType<typeof inputOf>) => {
    const execution = execute(input);
    const run = `fo-${execution.name}`;
    if (input.force !== false) hands.by.forced.set(run, world.now());
    waitsFor = { run, execution };
  };
  const inputOf = (own: string, forced: readonly string[], candidate: string | undefined) => {
    const printed = /responder failover ([^-\s]\S*)/.exec(own)?.[1];
    const { kind, force } = person.input;
    const known = world.set.servers.has(original) ? original : world.name;
    return {
      ...{ database: printed ?? known, reason: "test", force: forced.length > 0 ? forced : force },
      kind: printed === undefined ? kind : own.includes("--planned") ? "planned" : "unplanned",
      ...(candidate === undefined ? {} : { candidate }),
    };
  };
  const types = (line: string) => {
    tell(`typed: ${line}`);
    const parts = line.split(" && ");
    for (const part of parts) if (!part.startsWith("responder")) typed(part, hands);
    const own = parts.find((part) => part.startsWith("responder failover"));
    if (own !== undefined) start(own);
  };
  return {
    get idle() {
      return command === null && waitsFor === null;
    },
    work: () => {
      if (waitsFor !== null) return hears(waitsFor);
      if (command === null || world.now() < dueAt) return;
      const line = command;
      command = null;
      types(line);
    },
  };
}
