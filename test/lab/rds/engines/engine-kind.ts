import type { Engine } from "../../engines/lab-server.ts";
import type { PostgresMajor } from "../../engines/postgres-binaries.ts";
import type { EngineKind } from "./engine-node.ts";
import { type KindOptions, postgresKind } from "./postgres-kind.ts";

export async function engineKind(
  engine: Engine,
  major: PostgresMajor,
  options: KindOptions,
): Promise<EngineKind> {
  if (engine === "postgres") return postgresKind(major, options);
  throw new Error(`no ${engine} in the lab yet`);
}
