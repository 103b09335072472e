import { readFileSync } from "node:fs";
import type { Engine, Target } from "../../functions/core/contract/target.ts";
import type { Tls } from "../../functions/wiring-credentials.ts";
import { UsageError } from "./command.ts";

export interface NamedDatabase {
  readonly target: Target;
  readonly signIn: { readonly user: string; readonly password: string };
  readonly tls: Tls;
}

const engines: Readonly<Record<string, { engine: Engine; port: number }>> = {
  "postgres:": { engine: "postgres", port: 5432 },
  "postgresql:": { engine: "postgres", port: 5432 },
  "mysql:": { engine: "mysql", port: 3306 },
  "mariadb:": { engine: "mariadb", port: 3306 },
};

const loopback = new Set(["localhost", "127.0.0.1", "::1", "[::1]"]);

/**
 * A database from its URL. TLS is verified everywhere but on this very machine, unless ?sslmode=disable says
 * otherwise; a password in the URL is used and never shown again.
 */
export function databaseFromUrl(text: string, caFile: string | undefined): NamedDatabase {
  const url = parseUrl(text);
  const known = engines[url.protocol];
  if (known === undefined) {
    throw new UsageError(`--url must begin with postgres://, mysql:// or mariadb://, not ${url.protocol}//`);
  }
  if (url.hostname === "") throw new UsageError("--url names no host");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? known.port : Number(url.port);
  const database = decodeURIComponent(url.pathname.replace(/^\//, ""));
  return {
    target: targetOf(known.engine, host, port, database),
    signIn: { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
    tls: tlsOf(url, caFile),
  };
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) {
    throw new UsageError(
      "--url is not a URL; expected for example postgres://user:password@host:5432/database",
    );
  }
  return new URL(text);
}

function targetOf(engine: Engine, host: string, port: number, database: string): Target {
  const rds = /\.([a-z]{2}(?:-[a-z]+)+-\d)\.rds\.amazonaws\.com(?:\.cn)?$/.exec(host);
  return {
    schema: "target.v1",
    name: rds ? (host.split(".")[0] ?? host) : `${host}:${port}`,
    group: `${host}:${port}`,
    engine,
    flavour: rds ? (/\.cluster-/.test(host) ? "aurora" : "rds") : "self-managed",
    engineVersion: null,
    host,
    port,
    database: database === "" ? null : database,
    role: "unknown",
    clusterId: null,
    resourceId: null,
    instanceClass: null,
    accountId: null,
    region: rds?.[1] ?? null,
    tags: {},
  };
}

function tlsOf(url: URL, caFile: string | undefined): Tls {
  const mode = url.searchParams.get("sslmode") ?? url.searchParams.get("ssl-mode")?.toLowerCase();
  const off = mode === "disable" || mode === "disabled" || (mode === undefined && loopback.has(url.hostname));
  const ca = caFile === undefined ? {} : { ca: readCa(caFile) };
  return { mode: off && caFile === undefined ? "off" : "verify", ...ca };
}

function readCa(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new UsageError(`--ca: ${file} cannot be read`);
  }
}
