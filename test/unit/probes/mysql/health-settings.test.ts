import { expect, it } from "vitest";
import { mysqlSettings } from "../../../../functions/core/probes/mysql/settings.ts";
import { context } from "../fake-session.ts";

const answer = { path: null, source: "COMPILED", changed_at: null, changed_by: null };
const on = (engine: "mysql" | "mariadb", version: string) => ({
  ...context,
  server: { engine, version, major: Number.parseFloat(version), backendId: 1 },
});

it("P32 says that a setting is gone, and not that it is missing", () => {
  const rows = mysqlSettings.read(
    [[{ ...answer, name: "max_connections", value: "151" }]],
    on("mysql", "9.7.4"),
  );
  expect(rows.find(({ name }) => name === "query_cache_size")).toMatchObject({
    state: "gone",
    goneSince: "8.0.3",
  });
  expect(rows.find(({ name }) => name === "max_connections")).toMatchObject({
    state: "set",
    source: "default",
  });
  expect(rows.some(({ name }) => name === "aria_pagecache_buffer_size")).toBe(false);
});

it("P32 keeps what MariaDB still has, and tells times in seconds", () => {
  const given = [
    { ...answer, name: "query_cache_size", value: "1048576", source: "CONFIG" },
    { ...answer, name: "max_execution_time", value: "1500", source: "SQL" },
  ];
  const rows = mysqlSettings.read([given], on("mariadb", "10.11.6-MariaDB"));
  expect(rows.find(({ name }) => name === "query_cache_size")).toMatchObject({
    state: "set",
    bytes: 1048576,
    source: "configuration-file",
  });
  expect(rows.find(({ name }) => name === "max_execution_time")).toMatchObject({
    seconds: 1.5,
    source: "run-time",
  });
});
