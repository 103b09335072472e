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

/** What a copy was made from, and of which moment: RDS tells neither afterwards. */
const sourceTag = "rds-responder:copy-of";
const momentTag = "rds-responder:copy-at";

export type MadeAs = "reader" | "copy" | "group";

export function madeTags(as: MadeAs): { readonly Key: string; readonly Value: string }[] {
  return [{ Key: madeTag, Value: as }];
}

export function isMadeAs({ tags }: MadeDatabase, as: MadeAs): boolean {
  return tags[madeTag] === as;
}

interface CopyOf {
  readonly of: string;
  readonly at: string;
}

export function copyTags({ of, at }: CopyOf): ReturnType<typeof madeTags> {
  return [...madeTags("copy"), { Key: sourceTag, Value: of }, { Key: momentTag, Value: at }];
}

/** Null: it is the copy of that database as of that moment; else what was found. */
export function otherThanCopy(made: MadeDatabase, { of, at }: CopyOf): string | null {
  if (!isMadeAs(made, "copy")) return "it is no copy that the responder made";
  const source = made.tags[sourceTag] ?? null;
  const moment = made.tags[momentTag] ?? null;
  if (source === of && moment !== null && Date.parse(moment) === Date.parse(at)) return null;
  return `it is a copy of ${source ?? "a database that it does not tell"} as of ${moment ?? "a moment that it does not tell"}, not of ${of} as of ${at}`;
}
