import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

/** Which layer may import which; the longest prefix names the layer. Source: DESIGN, "Dependencies point one way". */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "functions/core": ["functions/core"],
  "functions/adapters/aws": ["functions/core", "functions/adapters/aws"],
  "functions/adapters/postgres": ["functions/core", "functions/adapters/postgres"],
  "functions/adapters/mysql": ["functions/core", "functions/adapters/mysql"],
  "functions/adapters/slack": ["functions/core", "functions/adapters/slack"],
  "functions/adapters/memory": ["functions/core", "functions/adapters/memory"],
  "functions/handlers": [
    "functions/core",
    "functions/handlers",
    "functions/wiring",
    "functions/adapters/slack",
  ],
  "functions/wiring": ["functions/core", "functions/adapters", "functions/wiring"],
  lib: ["lib", "functions/core"],
  bin: ["bin", "lib", "functions", "responder.config"],
  test: ["test", "bin", "lib", "functions", "responder.config"],
};

/** Packages that the core may use. */
const corePackages = ["zod"];

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file));
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const statements = text.matchAll(/^(?:import|export)\b[^;"]*\bfrom "([^"]+)"/gm);
  const dynamic = text.matchAll(/\bimport\("([^"]+)"\)/g);
  return [...statements, ...dynamic].map((match) => match[1] ?? "");
}

function layerOf(path: string): string {
  const layers = Object.keys(mayImport).filter((layer) => path.startsWith(layer));
  return layers.sort((a, b) => b.length - a.length)[0] ?? "";
}

const files = ["bin", "lib", "functions", "test"].flatMap(sourceFiles);

describe("layers", () => {
  it("no file imports from a layer that it may not know", () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith("."))
        .map((name) => normalize(join(dirname(file), name)))
        .filter((target) => !(mayImport[layerOf(file)] ?? []).some((allowed) => target.startsWith(allowed)))
        .map((target) => `${file} → ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it("the core imports itself and zod, nothing else", () => {
    const wrong = files
      .filter((file) => file.startsWith("functions/core"))
      .flatMap((file) =>
        importsOf(file)
          .filter((name) => !name.startsWith(".") && !corePackages.includes(name))
          .map((name) => `${file} → ${name}`),
      );
    expect(wrong).toEqual([]);
  });

  it("only wiring reads the environment of what ships", () => {
    const readers = files
      .filter((file) => file.startsWith("functions/") && readFileSync(file, "utf8").includes("process.env"))
      .filter((file) => !file.startsWith("functions/wiring"));
    expect(readers).toEqual([]);
  });

  it("no file is longer than 200 lines", () => {
    const long = files
      .filter((file) => !file.endsWith(".test.ts"))
      .map((file) => ({ file, lines: readFileSync(file, "utf8").split("\n").length - 1 }))
      .filter(({ lines }) => lines > 200);
    expect(long).toEqual([]);
  });
});
