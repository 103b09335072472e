import { randomBytes } from "node:crypto";
import type { Ids } from "../../core/ports.ts";

/** Crockford's base 32 in lower case: no letter is mistaken for a digit when a person reads an id aloud. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const length = 14;

/** 70 random bits: a million ids hold a duplicate with a chance of one in two thousand million. */
export function createRandomIds(): Ids {
  return { next: () => Array.from(randomBytes(length), (byte) => alphabet.charAt(byte & 31)).join("") };
}
