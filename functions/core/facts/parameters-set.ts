import type { RdsEvent } from "../contract/context.ts";
import { groupCalls, type SetParameter } from "./parameter-calls.ts";
import type { View } from "./view.ts";

/** What RDS says of its parameter groups, newest first. */
export function groupEvents({ evidence: { context, collectedAt } }: View): readonly RdsEvent[] {
  return (context?.events ?? [])
    .filter(({ source, at }) => source === "parameter-group" && at <= collectedAt)
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

const updated = /^Updated parameter (\S+) to (.+?) with apply method (\S+)/i;

/** Null of another word. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html (RDS-EVENT-0037) */
export function parameterSet({ at, message }: RdsEvent): SetParameter | null {
  const [, name, value, method] = updated.exec(message) ?? [];
  return name === undefined || value === undefined || method === undefined
    ? null
    : { name, value, method, at, by: null };
}

/** RDS tells of a call some minutes later, if at all. */
const toldMs = 10 * 60_000;

/** What was set of its groups, as far back as events and calls were read, newest first, in force or not. */
export function parametersSet(view: View): readonly SetParameter[] {
  const told = groupEvents(view).flatMap((event) => parameterSet(event) ?? []);
  const called = groupCalls(view).filter(
    ({ name, value, at }) =>
      !told.some(
        (one) =>
          one.name === name && one.value === value && Math.abs(Date.parse(one.at) - Date.parse(at)) <= toldMs,
      ),
  );
  return [...told, ...called].toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/** Others may be a literal: init_connect holds a statement. */
const plain = /^[\w.,{}/*+-]{1,40}$/;

/** Null of what may be a literal, or was not seen. */
export function plainValue(value: string | null): string | null {
  return plain.test(value ?? "") ? value : null;
}

/** "work_mem to 65536 by ana". */
export function setText({ name, value, by }: Pick<SetParameter, "name" | "value" | "by">): string {
  return `${name} to ${plainValue(value) ?? "another value"}${by === null ? "" : ` by ${by}`}`;
}
