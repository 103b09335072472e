import { counterTable } from "./mysql-counters.ts";
import { errorTable } from "./mysql-error-numbers.ts";
import { replicaTable } from "./mysql-replica-fields.ts";

export type Engine = "mysql" | "mariadb";

/** What is seen, by name: a rate of a second where its name says so, or what stands. */
export type Witnesses = ReadonlyMap<string, string>;

export interface Entry {
  readonly engine: Engine;
  readonly name: string;
  readonly ids: readonly string[];
  readonly says: RegExp;
}

export interface SeenEntry extends Entry {
  readonly hot: Witnesses;
  readonly ordinary: Witnesses;
  readonly settings: Witnesses;
}

export interface ErrorEntry extends Entry {
  readonly number: number;
  readonly symbol: string;
  /** Even one of them is no ordinary error. */
  readonly isGrave: boolean;
}

const rowsOf = (table: string): readonly (readonly string[])[] =>
  table
    .trim()
    .split("\n")
    .map((line) => line.split("|"));

const wordsOf = (words: readonly string[]): RegExp => new RegExp(words.filter(Boolean).join("|"), "i");

function enginesOf(letters: string): readonly Engine[] {
  return [...letters].map((letter) => (letter === "M" ? "mariadb" : "mysql"));
}

/** "Name=value Other name=value", whose values may have spaces as well. */
function witnessesOf(text: string): Witnesses {
  return new Map(
    text.split(/ (?=[A-Za-z_]+=)/).flatMap((one) => {
      const [, name, value] = /^([A-Za-z_]+)=(.*)$/.exec(one) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
}

export const counters: readonly SeenEntry[] = rowsOf(counterTable).flatMap(
  ([engines = "", hot = "", ordinary = "", settings = "", ids = "", ...words]) =>
    enginesOf(engines).map((engine) => ({
      ...{ engine, name: `${engine} ${hot}`, ids: ids.split(" "), says: wordsOf(words) },
      ...{ hot: witnessesOf(hot), ordinary: witnessesOf(ordinary), settings: witnessesOf(settings) },
    })),
);

export const replicas: readonly SeenEntry[] = rowsOf(replicaTable).flatMap(
  ([engines = "", hot = "", ordinary = "", ids = "", ...words]) =>
    enginesOf(engines).map((engine) => ({
      ...{ engine, name: `${engine} ${hot}`, ids: ids.split(" "), says: wordsOf(words) },
      ...{ hot: witnessesOf(hot), ordinary: witnessesOf(ordinary), settings: new Map() },
    })),
);

export const errors: readonly ErrorEntry[] = rowsOf(errorTable).map(
  ([number = "", symbol = "", ids = "", grave = "", ...words]) => ({
    ...{ engine: "mysql", name: `${number} ${symbol}`, ids: ids.split(" "), says: wordsOf(words) },
    ...{ number: Number(number), symbol, isGrave: grave === "!" },
  }),
);
