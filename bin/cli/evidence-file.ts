import { readFileSync } from "node:fs";
import { type Evidence, evidenceSchema } from "../../functions/core/contract/evidence.ts";
import { UsageError } from "./command.ts";

/** Evidence that diagnose --save kept, or an object of the evidence bucket, unpacked. */
export function loadEvidence(file: string): Evidence {
  const parsed = evidenceSchema.safeParse(read(file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${file} is no evidence of this version: ${issue?.path.join(".")}: ${issue?.message}`);
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
