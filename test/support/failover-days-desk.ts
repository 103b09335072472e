import type { FailoverRun } from "../../functions/core/contract/failover.ts";
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
  const chosen = (run: string, printed: string): string | null => {
    if (quiet() || random.int(10) < person.obeys) {
      const does = /responder failover (--(redrive|give-back)|\w)|^aws rds (modify|delete|reboot)/;
      return does.test(printed) ? printed : null;
    }
    return random.pick([
      `responder failover --redrive ${run}`,
      `responder failover --give-back ${run}`,
      "responder failover",
      "responder failover --force primary-alive",
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
    if (!isStuck(end, nextCommand)) plan(chosen(id, nextCommand));
  };
  const start = (own: string) => {
    const redrive = /--redrive (\S+)/.exec(own)?.[1];
    const giveBack = /--give-back (\S+)/.exec(own)?.[1];
    if (redrive !== undefined) waitsFor = { run: redrive, execution: execute({ redrive }) };
    else if (giveBack !== undefined) waitsFor = { run: giveBack, execution: execute({ giveBack }) };
    else if (!/--(show|gone)/.test(own)) {
      const forced = [...own.matchAll(/--force (\S+)/g)].map(([, name]) => name);
      const { kind, force } = person.input;
      const database = world.set.servers.has(original) ? original : world.name;
      const input = { database, reason: "test", kind, force: forced.length > 0 ? forced : force };
      const execution = execute(input);
      waitsFor = { run: `fo-${execution.name}`, execution };
    }
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
