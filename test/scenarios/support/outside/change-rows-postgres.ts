import * as effect from "./change-effects.ts";
import { set } from "./change-plays.ts";
import type { ChangeRow } from "./change-rows.ts";

const { both, logs } = effect;
export const pg = (
  parameter: readonly [name: string, value: string | number],
  made: ChangeRow["effect"],
  root: RegExp,
  more: Partial<ChangeRow> = {},
): ChangeRow => ({
  flavour: "postgres",
  made: set(...parameter),
  effect: made,
  root,
  names: parameter[0],
  ...more,
});
export const booted = (name: string, value: string | number) => ({
  made: set(name, value, "pending-reboot", 3),
});

/** What a parameter of PostgreSQL makes slow or large. */
export const postgresRows: readonly ChangeRow[] = [
  pg(
    ["max_connections", 60],
    both(logs("FATAL:  sorry, too many clients already"), effect.fullFor(60)),
    /too-many-connections|connections-near-limit/,
    booted("max_connections", 60),
  ),
  pg(["work_mem", 64], effect.temporary, /spilling-query|io-saturated|temporary/),
  pg(["work_mem", 4194304], effect.memory, /memory-pressure/),
  pg(
    ["shared_buffers", 16384],
    effect.reads,
    /restart-or-crash|io-saturated/,
    booted("shared_buffers", 16384),
  ),
  pg(["shared_buffers", 1572864], effect.memory, /memory-pressure/, booted("shared_buffers", 1572864)),
  pg(
    ["effective_cache_size", 1024],
    effect.cpu,
    /cpu-saturated|expensive-statement|plan-regression|query-regression/,
  ),
  pg(
    ["random_page_cost", 40],
    effect.cpu,
    /cpu-saturated|expensive-statement|plan-regression|query-regression/,
  ),
  pg(["enable_indexscan", 0], effect.reads, /io-saturated|expensive-statement|plan-regression/),
  pg(["enable_hashjoin", 0], effect.cpu, /cpu-saturated|expensive-statement|plan-regression/),
  pg(["jit", 1], effect.cpu, /cpu-saturated|expensive-statement|plan-regression/),
  pg(
    ["max_parallel_workers_per_gather", 16],
    effect.cpu,
    /cpu-saturated|expensive-statement|plan-regression/,
  ),
];
