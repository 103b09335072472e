import { mysqlProbes } from "./mysql/index.ts";
import { postgresProbes } from "./postgres/index.ts";

/** Every probe. A function that reaches one engine takes that engine's list alone. */
export const probes = [...postgresProbes, ...mysqlProbes] as const;
