import { type ClassLimits, limitsOfClass } from "../context/class-limits.ts";
import { selfOf } from "./rds-facts.ts";
import type { View } from "./view.ts";

/** Null for classes that are not in the table. Storage is null on Aurora, whose volume lies behind another network. */
export function classLimitsOf(view: View): ClassLimits | null {
  const { target } = view.evidence;
  const limits = limitsOfClass(selfOf(view)?.instanceClass ?? target.instanceClass ?? "");
  if (limits === null || target.flavour === "self-managed") return null;
  return target.flavour === "aurora"
    ? { ...limits, storageBytes: null, storageIops: null, baselineBytes: null, baselineIops: null }
    : limits;
}
