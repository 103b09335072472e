import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Client } from "pg";
import type { Availability } from "./available.ts";
import { ownRelease } from "./debian-packages.ts";
import type { PostgresServer } from "./lab-server.ts";
import {
  type PostgresBinaries,
  type PostgresMajor,
  postgresBinaries,
  postgresMajors,
} from "./postgres-binaries.ts";
import { type StartPostgresOptions, startPostgres } from "./postgres-server.ts";
import { cachedDirectory, copyContent, fingerprint } from "./template-cache.ts";
import { unpackedTree } from "./unpacked-packages.ts";

export interface CronBinaries extends PostgresBinaries {
  readonly major: PostgresMajor;
}

let found: Promise<CronBinaries> | undefined;

/** The lab's own PostgreSQL with the release's pg_cron in it. Rejects where the release has none for a major that is here. */
export function cronBinaries(): Promise<CronBinaries> {
  found ??= withCron();
  return found;
}

async function withCron(): Promise<CronBinaries> {
  const tree = await unpackedTree("pg-cron", async (target, scratch) => {
    const apt = await ownRelease(scratch);
    const names = await apt.names("postgresql-");
    const name = postgresMajors.map((major) => `postgresql-${major}-cron`).find((one) => names.includes(one));
    if (name === undefined) throw new Error("the release has no pg_cron for PostgreSQL 14 to 18");
    await apt.unpack([name], target);
  });
  const majors = readdirSync(join(tree, "usr/lib/postgresql"));
  const major = postgresMajors.find((one) => majors.includes(String(one)));
  if (major === undefined) throw new Error(`pg_cron is for PostgreSQL ${majors.join(", ")}`);
  const binaries = await postgresBinaries(major);
  const home = dirname(binaries.binDir);
  const copy = await cachedDirectory(
    `postgres-cron-${binaries.version}-${fingerprint(home, tree)}`,
    async (draft) => {
      await copyContent(home, draft);
      const from = (folder: string) => join(tree, "usr", folder, "postgresql", String(major));
      cpSync(join(from("lib"), "lib"), join(draft, "lib/postgresql"), { recursive: true });
      cpSync(join(from("share"), "extension"), join(draft, "share/postgresql/extension"), {
        recursive: true,
      });
    },
  );
  const bin = join(copy, basename(binaries.binDir));
  return {
    binDir: bin,
    version: binaries.version,
    source: `${binaries.source} with the release's pg_cron`,
    major,
  };
}

export async function cronAvailability(): Promise<Availability> {
  const engine = "postgres" as const;
  try {
    const { major, version, source } = await cronBinaries();
    return { engine, major: String(major), ok: true, reason: `${version} from ${source}` };
  } catch (error) {
    return { engine, major: "", ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** A server with pg_cron in database app. Its jobs sign in without a password, as on RDS. */
export async function startCronPostgres({
  settings = {},
  ...options
}: Pick<StartPostgresOptions, "settings" | "replicas"> = {}): Promise<PostgresServer> {
  const binaries = await cronBinaries();
  const server = await startPostgres({
    ...{ ...options, major: binaries.major, binaries },
    settings: {
      // Its libpq is the one that the receiver brings: the machine need not have any.
      shared_preload_libraries: "pg_stat_statements,libpqwalreceiver,pg_cron",
      "cron.database_name": "app",
      "cron.host": "127.0.0.1",
      ...settings,
    },
  });
  const rules = join(server.dataDir, "pg_hba.conf");
  writeFileSync(rules, `host all shop,other 127.0.0.1/32 trust\n${readFileSync(rules, "utf8")}`);
  const admin = new Client({ connectionString: server.adminUrl });
  await admin.connect();
  try {
    await admin.query("select pg_reload_conf()");
    await admin.query("create extension pg_cron");
  } finally {
    await admin.end();
  }
  return server;
}
