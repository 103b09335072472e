import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { isOpenToOthers } from "./lab-paths.ts";
import { runCommand } from "./run-command.ts";
import { isRoot } from "./server-identity.ts";
import { cachedDirectory, copyContent, fingerprint } from "./template-cache.ts";

export const postgresMajors = [14, 15, 16, 17, 18] as const;
export type PostgresMajor = (typeof postgresMajors)[number];

export interface PostgresBinaries {
  readonly binDir: string;
  readonly version: string;
  readonly source: string;
}

interface Candidate {
  readonly binDir: string;
  readonly source: string;
}

const found = new Map<PostgresMajor, Promise<PostgresBinaries>>();

/** npm comes before the machine's own servers so that the minor version is the pinned one. Rejects listing everything tried. */
export function postgresBinaries(major: PostgresMajor): Promise<PostgresBinaries> {
  const known = found.get(major) ?? resolve(major);
  found.set(major, known);
  return known;
}

async function resolve(major: PostgresMajor): Promise<PostgresBinaries> {
  const tried: string[] = [];
  for (const candidate of candidates(major)) {
    try {
      const version = await versionOf(candidate.binDir, major);
      const binDir = await readable(candidate.binDir, version);
      return { binDir, version, source: candidate.source };
    } catch (error) {
      tried.push(`${candidate.source}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`no PostgreSQL ${major} here. Tried:\n  ${tried.join("\n  ")}`);
}

function candidates(major: PostgresMajor): Candidate[] {
  const override = process.env[`PG_BIN_DIR_${major}`];
  const npm = `pg${major}-${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const path = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => existsSync(join(folder, "postgres")));
  return [
    ...(override ? [{ binDir: override, source: `PG_BIN_DIR_${major}` }] : []),
    { binDir: npmBinDir(npm), source: `npm ${npm}` },
    { binDir: `/usr/lib/postgresql/${major}/bin`, source: `/usr/lib/postgresql/${major}/bin` },
    ...path.map((binDir) => ({ binDir, source: `PATH ${binDir}` })),
  ];
}

/** The package exports no file of its own, so it is looked up as a folder. */
function npmBinDir(name: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const home = folders.map((folder) => join(folder, name)).find((folder) => existsSync(folder));
  if (home === undefined) return join("node_modules", name, "native", "bin");
  makeSymlinks(home);
  return join(home, "native", "bin");
}

/** npm tarballs carry no symlinks and the postinstall that makes them is blocked under --ignore-scripts. */
function makeSymlinks(home: string): void {
  const list = join(home, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of parseSymlinks(readFileSync(list, "utf8"))) {
    const link = join(home, target);
    if (existsSync(link) || dirname(source) !== dirname(target)) continue;
    try {
      symlinkSync(source.slice(dirname(source).length + 1), link);
    } catch (error) {
      if (!existsSync(link)) throw error;
    }
  }
}

function parseSymlinks(json: string): { source: string; target: string }[] {
  const pairs: { source: string; target: string }[] = [];
  const parsed: unknown = JSON.parse(json);
  for (const entry of Array.isArray(parsed) ? parsed : []) {
    const { source, target }: { source?: unknown; target?: unknown } = entry;
    if (typeof source === "string" && typeof target === "string") pairs.push({ source, target });
  }
  return pairs;
}

async function versionOf(binDir: string, major: PostgresMajor): Promise<string> {
  const postgres = join(binDir, "postgres");
  if (!existsSync(postgres)) throw new Error(`${postgres} does not exist`);
  if ((statSync(postgres).mode & 0o111) === 0)
    for (const name of readdirSync(binDir)) chmodSync(join(binDir, name), 0o755);
  const said = await runCommand(postgres, ["--version"], { timeoutMs: 20_000 });
  const version = /\(PostgreSQL\) (\d+[\w.]*)/.exec(said)?.[1];
  if (version === undefined || Number.parseInt(version, 10) !== major) throw new Error(`is ${said.trim()}`);
  return version;
}

/** Root starts PostgreSQL as nobody, which cannot reach binaries below a closed folder such as root's home. */
async function readable(binDir: string, version: string): Promise<string> {
  if (!isRoot() || isOpenToOthers(join(binDir, "postgres"))) return binDir;
  const home = dirname(binDir);
  const copy = await cachedDirectory(`postgres-binaries-${version}-${fingerprint(home)}`, async (draft) => {
    await copyContent(home, draft);
    await runCommand("chmod", ["-R", "a+rX", draft]);
  });
  return join(copy, "bin");
}
