import { messageOf } from "../errors.ts";

/** 256 KiB: what a state machine, a queue message and an incident can carry. */
export const maxEventBytes = 256 * 1024;

export type Measured =
  /** `value` is a plain copy: no getters, no prototypes, nothing that JSON could not carry. */
  | { readonly kind: "json"; readonly text: string; readonly bytes: number; readonly value: unknown }
  | { readonly kind: "nothing" }
  | { readonly kind: "not-json"; readonly why: string };

/** Writes a value as JSON and measures it. Circular, too deep or otherwise unwritable values are "not-json". */
export function measure(value: unknown): Measured {
  try {
    const text: string | undefined = JSON.stringify(value);
    if (text === undefined) return { kind: "nothing" };
    return { kind: "json", text, bytes: new TextEncoder().encode(text).length, value: JSON.parse(text) };
  } catch (error) {
    return { kind: "not-json", why: messageOf(error) };
  }
}
