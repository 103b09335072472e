import * as z from "zod";

/** The last call before one that was admitted: "", there was none. */
export const callBeforeShape = {
  callBeforeAt: z.string().optional(),
  callBeforeBy: z.string().optional(),
};

/** Beside the writing of the new one: every part of an update reads the item as it was. */
export const keepCallBefore = {
  set: "callBeforeAt = if_not_exists(lastCallAt, :none), callBeforeBy = if_not_exists(lastCallBy, :none)",
  values: { ":none": "" },
} as const;

interface CallBefore {
  readonly callBeforeAt?: string | undefined;
  readonly callBeforeBy?: string | undefined;
}

/** A call that RDS refused moved no writer: an earlier run would take it for one that overtook it, a later one for a failover lately. */
export function callBack({ callBeforeAt: at, callBeforeBy: by }: CallBefore) {
  const back = "SET promoted = :left";
  if (at === undefined) return { set: back, values: {} };
  if (at === "") return { set: `${back} REMOVE lastCallAt, lastCallBy`, values: {} };
  if (by === undefined || by === "")
    return { set: `${back}, lastCallAt = :at REMOVE lastCallBy`, values: { ":at": at } };
  return { set: `${back}, lastCallAt = :at, lastCallBy = :by`, values: { ":at": at, ":by": by } };
}
