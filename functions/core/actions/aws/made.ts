import * as z from "zod";
import type { MadeDatabase } from "../../change-ports.ts";

/**
 * What the responder makes begins so: its role may make nothing of another name, and deletes nothing else. A name alone
 * proves nothing, though: what is deleted has the tag as well.
 */
export const madePrefix = "responder-";
export const madeTag = "rds-responder:made";

/** As RDS takes them: at most 63 characters, no hyphen twice, none at the end; room is left for the "-1" of a member. */
export const madeNameSchema = z
  .string()
  .max(61)
  .regex(/^responder-[a-z0-9](?:-?[a-z0-9])*$/, "is no name that begins with responder-");

export function madeName(of: string, word: string): string {
  const room = 61 - madePrefix.length - word.length - 1;
  return `${madePrefix}${of.toLowerCase().slice(0, room).replace(/-+$/, "")}-${word}`;
}

/** The order that made a group: nobody else goes on with it. */
export const orderTag = "rds-responder:order";

export type MadeAs = "reader" | "copy" | "group";

export function madeTags(as: MadeAs): { readonly Key: string; readonly Value: string }[] {
  return [{ Key: madeTag, Value: as }];
}

export function isMadeAs({ tags }: MadeDatabase, as: MadeAs): boolean {
  return tags[madeTag] === as;
}
