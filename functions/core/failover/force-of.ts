import type { FailoverRun } from "../contract/failover.ts";
import type { FailoverInput } from "../contract/failover-input.ts";

/** What it was asked for, with what its last redrive overrides: that counts for this time alone, and no later one. */
export function inputNow({ input, forcedAgain }: Pick<FailoverRun, "input" | "forcedAgain">): FailoverInput {
  if (forcedAgain.length === 0 || input.force === true) return input;
  const before = Array.isArray(input.force) ? input.force : [];
  return { ...input, force: [...new Set([...before, ...forcedAgain])] };
}

/**
 * To be named for its redrive as for a new one; whom a primary serves need not be fenced by what is printed here. What was
 * forced when it began counts for a while, and is not printed for later.
 */
export function forceIn(run: Pick<FailoverRun, "input" | "forcedAgain">, command: string): string {
  const alive = "primary-alive";
  const names = [...command.matchAll(/ --force ([a-z]\S*)/g)].flatMap(([, name]) => name ?? []);
  const { force } = inputNow(run);
  if (names.includes(alive) && !(Array.isArray(force) && force.includes(alive))) return "";
  return names.flatMap((name) => (name === alive ? [] : [` --force ${name}`])).join("");
}
