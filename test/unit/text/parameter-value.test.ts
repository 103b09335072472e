import { describe, expect, it } from "vitest";
import { isBeyond, isSameValue } from "../../../functions/core/text/parameter-value.ts";

describe("a value of a parameter group", () => {
  it.each([
    ["idle_session_timeout", "1min", "60s"],
    ["max_wal_size", "4096", "4GB"],
    ["temp_file_limit", "1048576", "1GB"],
    ["log_min_duration_statement", "1s", "1000"],
    ["long_query_time", "10.000000", "10"],
    ["slow_query_log", "ON", "1"],
    ["rds.force_ssl", "off", "0"],
    ["log_output", "file", "FILE"],
    ["temp_file_limit", "-1", "-1"],
    ["anything", "{DBInstanceClassMemory/16384}", "{DBInstanceClassMemory/16384}"],
  ])("A24 of %s is the same as %s and as %s", (name, a, b) => {
    expect(isSameValue(name, a, b)).toBe(true);
  });

  it.each([
    ["max_wal_size", "4096", "8192"],
    ["some_timeout", "60", "1min"],
    ["max_wal_size", "-1", "4096"],
    ["max_connections", "{DBInstanceClassMemory/9531392}", "100"],
    ["log_output", "FILE", "TABLE"],
    ["work_mem", "4 parsecs", "4"],
  ])("A24 of %s is another as %s than as %s, or cannot be compared", (name, a, b) => {
    expect(isSameValue(name, a, b)).toBe(false);
  });

  it.each([
    ["max_wal_size", "16GB", "8192", "higher", true],
    ["max_wal_size", "8192", "8192", "higher", true],
    ["max_wal_size", "4096", "8192", "higher", false],
    ["long_query_time", "0.2", "1", "lower", true],
    ["log_min_duration_statement", "-1", "1000", "lower", false],
    ["autovacuum_vacuum_cost_limit", "-1", "1000", "higher", false],
    ["max_connections", "{DBInstanceClassMemory/9531392}", "100", "higher", false],
  ] as const)("A24 of %s has %s come as far as %s or %s: %s", (name, now, wanted, towards, beyond) => {
    expect(isBeyond(name, { now, wanted, towards })).toBe(beyond);
  });
});
