import { rmSync } from "node:fs";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { labPasswords } from "./lab-server.ts";
import type { MysqldBinaries } from "./mysqld-binaries.ts";
import { killMysqld, shutdownMysqld, startMysqld } from "./mysqld-process.ts";
import { makeServerDirectory, removeServerDirectory } from "./server-directory.ts";
import { cachedDirectory, copyContent, fingerprint } from "./template-cache.ts";

export interface TemplateRecipe {
  readonly engine: "mysql" | "mariadb";
  readonly binaries: MysqldBinaries;
  readonly settings: Readonly<Record<string, string>>;
  /** Fills an empty data directory. */
  readonly initialize: (dataDir: string) => Promise<void>;
  /** What initialize feeds to the server, so that a change makes a new template. */
  readonly seed: readonly string[];
  /** Run as root, who has no password yet. */
  readonly statements: readonly string[];
}

/** A cleanly stopped, RDS-shaped data directory without binary logs, so that its copies agree on having executed nothing. */
export async function mysqldTemplate(recipe: TemplateRecipe): Promise<string> {
  const { engine, binaries, settings, statements } = recipe;
  const inputs = fingerprint(binaries.version, settings, statements, labPasswords, recipe.seed);
  const template = await cachedDirectory(`${engine}-${binaries.version}-${inputs}`, async (draft) => {
    const directory = makeServerDirectory(`${engine}-template`);
    try {
      await build(recipe, directory);
      await copyContent(join(directory, "data"), join(draft, "data"));
    } finally {
      removeServerDirectory(directory);
    }
  });
  return join(template, "data");
}

async function build(recipe: TemplateRecipe, directory: string): Promise<void> {
  const { binaries, initialize, settings, statements } = recipe;
  const dataDir = join(directory, "data");
  await initialize(dataDir);
  const rootUrl = (port: number) => `mysql://root@127.0.0.1:${port}/mysql`;
  const server = await startMysqld({ binaries, directory, dataDir, settings, readyUrl: rootUrl });
  try {
    const connection = await createConnection({ uri: rootUrl(server.port) });
    for (const statement of statements) await connection.query(statement);
    await connection.end();
    await shutdownMysqld(server);
  } finally {
    await killMysqld(server);
  }
  // Holds server_uuid, which no two replicas may share; the next start writes a new one.
  rmSync(join(dataDir, "auto.cnf"), { force: true });
}
