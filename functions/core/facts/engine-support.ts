import { apiEngine } from "./database-kind.ts";
import type { View } from "./view.ts";

/** Days, UTC. Where a page gives a month only, its last day. */
export interface Support {
  readonly standardUntil: string;
  /** Extended support is charged from here on; null: there is none, and RDS upgrades by itself. */
  readonly charged: string | null;
  /** The price of the third year; null: it stays the same. */
  readonly dearer: string | null;
  readonly extendedUntil: string | null;
}

type Calendar = Readonly<Record<string, Support>>;

function row(standardUntil: string, ...extended: (string | null)[]): Support {
  const [charged = null, dearer = null, extendedUntil = null] = extended;
  return { standardUntil, charged, dearer, extendedUntil };
}

const aws = "https://docs.aws.amazon.com/AmazonRDS/latest";

/** The same for RDS and Aurora; 18 was not on Aurora's page yet. */
const postgresBoth: Calendar = {
  "17": row("2030-02-28", "2030-03-01", "2032-03-01", "2033-02-28"),
  "16": row("2029-02-28", "2029-03-01", "2031-03-01", "2032-02-29"),
  "15": row("2028-02-29", "2028-03-01", "2030-03-01", "2031-02-28"),
  "14": row("2027-02-28", "2027-03-01", "2029-03-01", "2030-02-28"),
  "13": row("2026-02-28", "2026-03-01", "2028-03-01", "2029-02-28"),
  "12": row("2025-02-28", "2025-03-01", "2027-03-01", "2028-02-29"),
  "11": row("2024-02-29", "2024-04-01", "2026-04-01", "2027-03-31"),
};

/** Read on 2026-11-28 in copies of the pages of April 2026. Pages change: the remedy names the call that tells. */
const calendars: Readonly<Record<string, { readonly page: string; readonly versions: Calendar }>> = {
  postgres: {
    page: `${aws}/PostgreSQLReleaseNotes/postgresql-release-calendar.html`,
    versions: {
      ...postgresBoth,
      "18": row("2031-02-28", "2032-03-01", "2033-03-01", "2034-02-28"),
      "10": row("2023-04-30"),
    },
  },
  "aurora-postgresql": {
    page: `${aws}/AuroraPostgreSQLReleaseNotes/aurorapostgresql-release-calendar.html`,
    versions: postgresBoth,
  },
  mysql: {
    page: `${aws}/UserGuide/MySQL.Concepts.VersionMgmt.html`,
    versions: {
      "8.4": row("2029-07-31", "2029-08-01", "2031-08-01", "2032-07-31"),
      "8.0": row("2026-07-31", "2026-08-01", "2028-08-01", "2029-07-31"),
      "5.7": row("2024-02-29", "2024-03-01", "2026-03-01", "2027-02-28"),
    },
  },
  "aurora-mysql": {
    page: `${aws}/AuroraMySQLReleaseNotes/AuroraMySQL.release-calendars.html`,
    versions: {
      "8.0": row("2028-04-30", "2028-05-01", null, "2029-07-31"),
      "5.7": row("2024-10-31", "2024-12-01", null, "2027-02-28"),
    },
  },
  mariadb: {
    page: `${aws}/UserGuide/MariaDB.Concepts.VersionMgmt.html`,
    versions: {
      "11.8": row("2030-06-30"),
      "11.4": row("2029-05-31"),
      "10.11": row("2028-02-29"),
      "10.6": row("2026-08-31"),
      "10.5": row("2026-08-31"),
    },
  },
};

export type SupportOf =
  | { readonly is: "known"; readonly major: string; readonly support: Support; readonly page: string }
  /** Not on the page, which leaves out what is long gone. */
  | { readonly is: "unknown"; readonly major: string; readonly page: string };

/** Null: not of RDS, its version was not seen, or newer than all that the page had, so that its support ends later. */
export function supportOf(view: View): SupportOf | null {
  const { target } = view.evidence;
  const calendar = calendars[apiEngine(view)];
  const [major] =
    (target.engine === "postgres" ? /^\d+/ : /^\d+\.\d+/).exec(target.engineVersion ?? "") ?? [];
  if (target.flavour === "self-managed" || calendar === undefined || major === undefined) return null;
  const { page, versions } = calendar;
  const support = versions[major];
  if (support !== undefined) return { is: "known", major, support, page };
  return Object.keys(versions).every((known) => isNewer(major, known))
    ? null
    : { is: "unknown", major, page };
}

function isNewer(a: string, b: string): boolean {
  const [a1 = 0, a2 = 0] = a.split(".").map(Number);
  const [b1 = 0, b2 = 0] = b.split(".").map(Number);
  return a1 > b1 || (a1 === b1 && a2 > b2);
}
