import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { importsOf, ringsIn, sourceFiles } from "./imports.ts";
import { mayImport, roomOf } from "./rooms.ts";

/** Packages that the core may use. */
const corePackages = ["zod"];

const readsEvidence = /^functions\/core\/(facts|remedies|rules|diagnosis|report)\//;
const shapesRows = /^functions\/core\/probes\/(.*[/-])?rows\.ts$/;

const files = ["bin", "lib", "functions", "test"].flatMap(sourceFiles);
const edges = files.flatMap((file) => importsOf(file).map((target) => ({ file, target })));
const inside = edges.filter(({ target }) => target.path !== null);

describe("layers", () => {
  it("every file stands in a room that the order knows", () => {
    expect(files.filter((file) => mayImport[roomOf(file)] === undefined)).toEqual([]);
  });

  it("no file imports from a room that it may not know", () => {
    const wrong = inside
      .filter(({ file, target }) => {
        const room = roomOf(file);
        const other = roomOf(target.path ?? "");
        return room !== other && !(mayImport[room] ?? []).includes(other);
      })
      .map(({ file, target }) => `${file} → ${target.path}`);
    expect(wrong).toEqual([]);
  });

  it("a room above is never imported from below, whatever the table allows", () => {
    const rooms = Object.keys(mayImport);
    const allowed = rooms.flatMap((room) => (mayImport[room] ?? []).map((other) => [room, other] as const));
    expect(ringsIn(allowed)).toEqual([]);
  });

  it("no ring of files, imports of types included", () => {
    expect(ringsIn(inside.map(({ file, target }) => [file, target.path ?? ""] as const))).toEqual([]);
  });

  it("the core imports itself and zod, nothing else", () => {
    const wrong = edges
      .filter(({ file, target }) => file.startsWith("functions/core") && target.path === null)
      .filter(({ target }) => !corePackages.includes(target.name))
      .map(({ file, target }) => `${file} → ${target.name}`);
    expect(wrong).toEqual([]);
  });

  it("what reads evidence knows the shape of a probe's rows, never its statements", () => {
    const wrong = inside
      .filter(
        ({ file, target }) => readsEvidence.test(file) && target.path?.startsWith("functions/core/probes/"),
      )
      .filter(({ target }) => !shapesRows.test(target.path ?? ""))
      .map(({ file, target }) => `${file} → ${target.path}`);
    expect(wrong).toEqual([]);
  });

  it("the shape of rows brings no statement along: it is made of the contract and of other shapes", () => {
    const shapes = inside
      .filter(
        ({ file, target }) => [readsEvidence, shapesRows].some((of) => of.test(file)) && target.path !== null,
      )
      .flatMap(({ target }) => target.path ?? [])
      .filter((path) => shapesRows.test(path));
    expect(shapes.length).toBeGreaterThan(0);
    const wrong = inside
      .filter(({ file }) => shapes.includes(file))
      .filter(
        ({ target }) =>
          !/^functions\/core\/contract\//.test(target.path ?? "") && !shapesRows.test(target.path ?? ""),
      )
      .map(({ file, target }) => `${file} → ${target.path}`);
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
