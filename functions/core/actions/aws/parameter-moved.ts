import type { ParameterState } from "../../change-ports.ts";
import { isBeyond, isSameValue } from "../../text/parameter-value.ts";
import { list } from "../../text/wording.ts";
import { refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";
import type { Setting } from "./setting.ts";

/** What somebody has set since it was proposed is not set back; null: nobody has. */
export function changedSince(
  group: string,
  values: readonly Setting[],
  known: readonly ParameterState[],
): Check | null {
  const told = values.flatMap((setting) => {
    const now = known.find(({ name }) => name === setting.name);
    return movedText(setting, now) ?? [];
  });
  if (told.length === 0) return null;
  return refuse(
    "state-changed",
    `Of ${group}, ${list(told)}: somebody has changed it since.`,
    "A person decides which value is right.",
  );
}

function movedText(
  { name, value: wanted, from, seen, towards }: Setting,
  state: ParameterState | undefined,
): string | null {
  const now = state?.value ?? null;
  if (from !== undefined) {
    return now !== null && isSameValue(name, now, from)
      ? null
      : `${name} is ${now ?? "not set"} and not ${from} any more, and was to become ${wanted}`;
  }
  // Its default is what the database had, or has become so: nobody wants it otherwise.
  if (now === null || state?.isSet !== true || isSameValue(name, now, wanted)) return null;
  if (seen !== undefined) {
    return isSameValue(name, now, seen)
      ? null
      : `${name} was ${seen} when this was proposed, is ${now} now, and was to become ${wanted}`;
  }
  if (towards === "neither")
    return `${name} is set to ${now} now, and was to become ${wanted}; what it was when this was proposed had not been seen`;
  return towards !== undefined && isBeyond(name, { now, wanted, towards })
    ? `${name} is ${now} now, and was to become ${wanted}: it has come as far, or further; what it was when this was proposed had not been seen`
    : null;
}
