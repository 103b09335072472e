import { execFile } from "node:child_process";
import { cpSync } from "node:fs";
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildBundle } from "../../bin/cli/build-bundle.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** What the command line consists of. */
const parts = ["bin", "functions", "package.json", "package-lock.json", "tsconfig.json"];
const grants = ["grants", "--engine", "postgres"];

describe("the start of the command line", () => {
  let copy: string;
  let edits = 0;

  beforeEach(async () => {
    copy = await mkdtemp(join(tmpdir(), "rds-responder-start-"));
    for (const part of parts) {
      await cp(join(root, part), join(copy, part), { recursive: true, preserveTimestamps: true });
    }
    await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  });
  afterEach(async () => {
    await rm(copy, { recursive: true, force: true });
  });

  function start(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    return new Promise((resolve) => {
      execFile(process.execPath, [join(copy, "bin/responder.mjs"), ...args], (error, out, err) => {
        resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, out, err });
      });
    });
  }

  /** Saved a while ago, each time at another moment: what is saved during a start is bundled again at the next. */
  async function edit(file: string, from: string, to: string): Promise<void> {
    const path = join(copy, file);
    await writeFile(path, (await readFile(path, "utf8")).replace(from, to));
    edits += 1;
    await utimes(path, 1_000_000 + edits, 1_000_000 + edits);
  }

  async function bundles(): Promise<readonly string[]> {
    const folder = join(copy, ".cache/responder");
    return (await readdir(folder)).filter((name) => name.endsWith(".cjs")).map((name) => join(folder, name));
  }

  function stamped(): Promise<string> {
    return readFile(join(copy, ".cache/responder/responder.stamp"), "utf8");
  }

  /** The same packages, with a bundler whose files may be changed. */
  async function ownNodeModules(): Promise<void> {
    const [here, there] = [join(root, "node_modules"), join(copy, "node_modules")];
    await rm(there);
    await mkdir(there);
    for (const name of await readdir(here)) {
      if (name === "esbuild") await cp(join(here, name), join(there, name), { recursive: true });
      else await symlink(join(here, name), join(there, name));
    }
  }

  it("K makes a bundle at the first start, and starts from it at the second", async () => {
    const stamp = join(copy, ".cache/responder/responder.stamp");
    const first = await start(...grants);
    const made = await stat(stamp);
    const second = await start(...grants);

    expect(first).toMatchObject({ code: 0, err: "" });
    expect(first.out).toContain("GRANT pg_monitor");
    expect(second).toEqual(first);
    expect((await stat(stamp)).mtimeMs).toBe(made.mtimeMs);
  });

  it("K never starts from a bundle of other sources, older ones included", async () => {
    await start("--help");
    await edit("bin/commands/grants.ts", "Prints the exact GRANT script", "Prints a script");
    const changed = await start("--help");
    await edit("bin/commands/grants.ts", "Prints a script", "Prints the exact GRANT script");
    const back = await start("--help");

    expect(changed.out).toContain("Prints a script");
    expect(back.out).toContain("Prints the exact GRANT script");
  });

  it("K makes a bundle anew when somebody has touched it", async () => {
    await start("--help");
    for (const bundle of await bundles()) await writeFile(bundle, "half a bundle");

    expect((await start("--help")).out).toContain("responder <command>");
  });

  it.each([
    ["what makes bundles", "bin/cli/build-bundle.ts", 'target: "node24"', 'target: "node22"'],
    ["what keeps them", "bin/cli/bundle-cache.mjs", "Never in git", "Not in git"],
    ["the bundler", "node_modules/esbuild/package.json", '"version": "', '"version": "9'],
  ])("K makes a bundle anew when %s has changed", async (_, file, from, to) => {
    await ownNodeModules();
    await edit(file, "", "");
    await start("--help");
    const before = await stamped();
    await start("--help");
    expect(await stamped()).toBe(before);
    await edit(file, from, to);
    await start("--help");

    expect(await stamped()).not.toBe(before);
  });

  it("K lets no list of files vouch for the bundle of another start, and keeps only the last two", async () => {
    const [folder, elsewhere] = [join(copy, ".cache/responder"), join(copy, ".cache/elsewhere")];
    const made = (into: string, lineOf = (path: string) => path) =>
      buildBundle({ root: copy, folder: into, stamp: join(into, "responder.stamp"), lineOf });
    await made(elsewhere);
    await edit("bin/commands/grants.ts", "Prints the exact GRANT script", "Prints a script");
    // Whoever had read the sources before they changed is done just before the list is written: once, since the list is long.
    let others = 0;
    const file = await made(folder, (path) => {
      if (others === 0) cpSync(elsewhere, folder, { recursive: true });
      others += 1;
      return path;
    });
    expect(others).toBeGreaterThan(100);

    expect(join(copy, (await stamped()).split("\n")[0] ?? "")).toBe(file);
    expect(await readFile(file, "utf8")).toContain("Prints a script");
    await edit("bin/commands/grants.ts", "Prints a script", "Prints some script");
    const last = await made(folder);
    expect(await bundles()).toContain(last);
    expect(await bundles()).toHaveLength(2);
  });

  it("K tells where in the sources an error arose, not where in the bundle", async () => {
    await edit("bin/commands/grants.ts", "run: async (options, io) => {", "$&\n    nowhere.toBeFound();");
    const { code, err } = await start(...grants);
    const lines = (await readFile(join(copy, "bin/commands/grants.ts"), "utf8")).split("\n");
    const line = lines.findIndex((text) => text.includes("nowhere.")) + 1;

    expect(code).toBe(1);
    expect(err).toContain("nowhere is not defined\n");
    expect(err).toContain(`bin/commands/grants.ts:${line}:`);
    expect(err).not.toContain(".cjs");
  });

  it("K starts from the sources where no bundle can be kept", async () => {
    await writeFile(join(copy, ".cache"), "a file, where the folder would have to be");
    const { code, out, err } = await start(...grants);

    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("GRANT pg_monitor");
  });
});
