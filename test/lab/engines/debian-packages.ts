import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";

/** Distribution packages downloaded and unpacked as any user, leaving the machine's own package state alone. */
export interface PrivateApt {
  /** What `name` and everything it depends on would bring, as package names. */
  closure(name: string): Promise<string[]>;
  /** Packages whose name begins like this. */
  names(prefix: string): Promise<string[]>;
  /** Downloads the packages and unpacks them into one tree. */
  unpack(packages: readonly string[], tree: string): Promise<void>;
}

export function osRelease(field: "ID" | "VERSION_CODENAME"): string {
  if (!existsSync("/etc/os-release")) return "";
  const line = readFileSync("/etc/os-release", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${field}=`));
  return (line?.slice(field.length + 1) ?? "").replaceAll('"', "");
}

/** The machine's own sources, with what is installed taken as given. */
export async function ownRelease(scratch: string): Promise<PrivateApt> {
  const options = privateState(scratch, "/var/lib/dpkg/status");
  // One unreachable third-party source must not matter; what is really missing shows at the download.
  await apt(options, ["update"]).catch(() => undefined);
  return aptWith(options, scratch);
}

/** Another Debian suite from the mirror this machine uses, with nothing taken as installed. */
export async function debianSuite(suite: string, scratch: string): Promise<PrivateApt> {
  const none = join(scratch, "none");
  const status = join(scratch, "empty-status");
  const list = join(scratch, "suite.list");
  mkdirSync(none, { recursive: true });
  writeFileSync(status, "");
  const options = [
    ...privateState(scratch, status),
    ...flags({
      "Dir::Etc::sourcelist": list,
      "Dir::Etc::sourceparts": none,
      "Dir::Etc::preferences": join(none, "preferences"),
      "Dir::Etc::preferencesparts": none,
    }),
  ];
  const failures: string[] = [];
  for (const mirror of await debianMirrors()) {
    writeFileSync(list, `deb [signed-by=${keyring()}] ${mirror} ${suite} main\n`);
    try {
      await apt(options, ["update", "-o", "APT::Update::Error-Mode=any"]);
      return aptWith(options, scratch);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    `no mirror of this machine has Debian ${suite}: ${failures.join("; ") || "none is configured"}`,
  );
}

function aptWith(options: readonly string[], scratch: string): PrivateApt {
  return {
    closure: async (name) => {
      const said = await apt(options, ["install", "--print-uris", "-y", "--no-install-recommends", name]);
      return [...said.matchAll(/^'[^']+' ([^_\s]+)_/gm)].map((match) => match[1] ?? "");
    },
    names: async (prefix) => {
      const said = await runCommand("apt-cache", [...options, "pkgnames", prefix]).catch(() => "");
      return said.split("\n").filter((name) => name !== "");
    },
    unpack: async (packages, tree) => {
      const downloads = join(scratch, "debs");
      mkdirSync(downloads, { recursive: true });
      mkdirSync(tree, { recursive: true });
      await apt(options, ["download", ...packages], downloads);
      for (const file of readdirSync(downloads)) {
        await runCommand("dpkg-deb", ["-x", join(downloads, file), tree]);
      }
      rmSync(downloads, { recursive: true });
    },
  };
}

/** Where this machine gets its own release from, as apt itself reads its configuration (both file formats). */
async function debianMirrors(): Promise<string[]> {
  const said = await runCommand("apt-get", ["update", "--print-uris"]);
  const codename = osRelease("VERSION_CODENAME");
  const releases = [...said.matchAll(/^'(\S+)\/dists\/([^/\s]+)\/(?:In)?Release'/gm)];
  return [...new Set(releases.filter((match) => match[2] === codename).map((match) => match[1] ?? ""))];
}

function keyring(): string {
  const files = ["debian-archive-keyring.gpg", "debian-archive-keyring.pgp"].map(
    (name) => `/usr/share/keyrings/${name}`,
  );
  const file = files.find((path) => existsSync(path));
  if (file === undefined) throw new Error(`no keyring: ${files.join(", ")} (package debian-archive-keyring)`);
  return file;
}

/** Own state and cache folders are what makes apt work without root; the locks guard nothing here. */
function privateState(scratch: string, status: string): string[] {
  const state = join(scratch, "state");
  const cache = join(scratch, "cache");
  mkdirSync(join(state, "lists", "partial"), { recursive: true });
  mkdirSync(join(cache, "archives", "partial"), { recursive: true });
  return flags({
    "Dir::State": state,
    "Dir::State::lists": join(state, "lists"),
    "Dir::State::status": status,
    "Dir::Cache": cache,
    "Debug::NoLocking": "1",
    "Acquire::Languages": "none",
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
    "Acquire::Retries": "3",
    // Root's apt would switch to a user that may not write here, and says so at every file.
    ...(process.getuid?.() === 0 ? { "APT::Sandbox::User": "root" } : {}),
  });
}

function flags(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

function apt(options: readonly string[], args: readonly string[], cwd = "/"): Promise<string> {
  return runCommand("apt-get", [...options, "-q", ...args], { cwd, timeoutMs: 300_000 });
}
