import { copyFileSync, existsSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { runCommand } from "./run-command.ts";
import { cachedDirectory, fingerprint } from "./template-cache.ts";

/** How to start a mysqld or mariadbd, wherever it was found. */
export interface MysqldBinaries {
  readonly command: string;
  /** What stands before the server's own options: a private loader with its library path, or nothing. */
  readonly leading: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where this copy's plugins, messages and character sets are, when not where it was built for. */
  readonly flags: readonly string[];
  /** Holds MariaDB's bootstrap SQL. */
  readonly shareDir: string;
  readonly version: string;
  readonly source: string;
}

export type Unproven = Omit<MysqldBinaries, "version">;

export interface Attempt {
  readonly source: string;
  readonly find: () => Promise<Unproven> | Unproven;
}

/** The first that runs and is the wanted product. Rejects listing everything tried. */
export async function firstThatRuns(
  product: "MySQL" | "MariaDB",
  attempts: readonly Attempt[],
): Promise<MysqldBinaries> {
  const tried: string[] = [];
  for (const { source, find } of attempts) {
    try {
      const binaries = await find();
      return { ...binaries, version: await versionOf(binaries, product) };
    } catch (error) {
      tried.push(`${source}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`no ${product} here. Tried:\n  ${tried.join("\n  ")}`);
}

export function installedAttempts(
  override: string,
  programs: readonly string[],
  known: readonly string[],
): Attempt[] {
  const named = process.env[override];
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const onPath = path.flatMap((folder) => programs.map((program) => join(folder, program))).find(existsSync);
  return [
    ...(named ? [installed(override, named)] : [{ source: override, find: () => missing("is not set") }]),
    onPath
      ? installed(`PATH ${onPath}`, onPath)
      : { source: "PATH", find: () => missing(`has no ${programs.join(" or ")}`) },
    ...known.map((file) => installed(file, file)),
  ];
}

function installed(source: string, command: string): Attempt {
  return {
    source,
    find: async () => {
      if (!existsSync(command)) return missing("does not exist");
      const program = realpathSync(command);
      const base = dirname(dirname(program));
      const shareDir = shareDirOf(base);
      // A relocated server looks for its messages where it was built for; a wrapper script knows better.
      const flags = existsSync(join(shareDir, "charsets")) ? [`--basedir=${base}`] : [];
      return { command: await unconfined(program), leading: [], env: {}, flags, shareDir, source };
    },
  };
}

/** Ubuntu's AppArmor profile binds /usr/sbin/mysqld to its own data folder; a copy elsewhere is free. */
async function unconfined(program: string): Promise<string> {
  const profile = `/etc/apparmor.d/${program.slice(1).replaceAll("/", ".")}`;
  if (!existsSync(profile)) return program;
  const name = `unconfined-${fingerprint(program, statSync(program).mtimeMs)}`;
  return join(
    await cachedDirectory(name, async (draft) => copyFileSync(program, join(draft, "server"))),
    "server",
  );
}

export function shareDirOf(base: string): string {
  const folders = ["share/mysql", "share/mariadb", "share"].map((name) => join(base, name));
  return folders.find((folder) => existsSync(join(folder, "charsets"))) ?? join(base, "share");
}

function missing(what: string): never {
  throw new Error(what);
}

async function versionOf(binaries: Unproven, product: "MySQL" | "MariaDB"): Promise<string> {
  const said = await runCommand(binaries.command, [...binaries.leading, "--no-defaults", "--version"], {
    env: { ...process.env, ...binaries.env },
    timeoutMs: 30_000,
  });
  const version = /\bVer (\d\S*)/.exec(said)?.[1];
  if (version === undefined || version.includes("MariaDB") !== (product === "MariaDB")) {
    throw new Error(`is ${said.trim()}`);
  }
  return version;
}
