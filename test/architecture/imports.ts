import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

export interface Import {
  /** As it is written. */
  readonly name: string;
  /** The file it names; null for a package. */
  readonly path: string | null;
}

export function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file));
}

/** What a file imports or passes on, types included: a ring of types is a ring for whoever reads. */
export function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, "utf8");
  const statements = text.matchAll(/^(?:import|export)\b[^;"]*\bfrom "([^"]+)"/gm);
  const dynamic = text.matchAll(/\bimport\("([^"]+)"\)/g);
  return [...statements, ...dynamic]
    .map((match) => match[1] ?? "")
    .map((name) => ({ name, path: name.startsWith(".") ? normalize(join(dirname(file), name)) : null }));
}

/** The arrows that lie in or between rings: what is left when whoever points at nobody, or is pointed at by nobody, goes. */
export function ringsIn(arrows: readonly (readonly [string, string])[]): readonly string[] {
  let left = arrows.filter(([from, to]) => from !== to);
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    const from = new Set(left.map(([start]) => start));
    const to = new Set(left.map(([, end]) => end));
    left = left.filter(([start, end]) => to.has(start) && from.has(end));
  }
  return left.map((arrow) => arrow.join(" → "));
}
