import type * as z from "zod";
import { InvalidInputError } from "../errors.ts";

/** Input of a function that a state of the machine calls; only the machine itself can have it wrong. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(faultsOf(parsed.error, ""));
}

/** The wrong fields; a leading `envelope`, of which the person who wrote the input knows nothing, is left out. */
export function faultsOf({ issues }: z.ZodError, envelope: string): string {
  const faults = issues.map(({ path: [first, ...rest], message }) => {
    const path = first === envelope ? rest : first === undefined ? [] : [first, ...rest];
    return `${path.join(".") || "(whole)"}: ${message}`;
  });
  return faults.slice(0, 5).join("; ");
}

/** What somebody wrote by hand: with an input that would be right (SPEC S6). */

export function invalidInput(fault: string, example: unknown): InvalidInputError {
  return new InvalidInputError(`${fault}. A right input: ${JSON.stringify(example)}`);
}
