/** A line of CONTEXT that names a routine; the innermost comes first. */
export interface RoutineFrame {
  readonly language: string;
  /** With the types of its arguments, as the server quotes them; "" where it has none. */
  readonly name: string;
  /** " line 3 at RAISE"; "" where none is said. */
  readonly place: string;
  /** All of it, as it stands. */
  readonly whole: string;
}

const name = String.raw`(?:"[^"]{0,300}"|[^\s"(]){1,400}(?:\((?:"[^"]{0,300}"|[^()"]){0,1000}\))?`;
/** How the names of statements begin: https://github.com/postgres/postgres/blob/master/src/pl/plpgsql/src/pl_funcs.c */
const statements =
  "statement|assignment|IF|CASE|LOOP|WHILE|FOR|FOREACH|EXIT|CONTINUE|RETURN|RAISE|ASSERT|SQL|EXECUTE|GET|OPEN|FETCH|MOVE|CLOSE|PERFORM|CALL|DO|COMMIT|ROLLBACK|SET";
/** https://github.com/postgres/postgres/blob/master/src/pl/plpgsql/src/pl_exec.c (plpgsql_exec_error_callback) */
const ofPlpgsql = new RegExp(
  String.raw`^PL/(pgSQL) function (${name})( line (?:\d{1,9}|\?) at (?:${statements})\b)?`,
);
/**
 * `PL/Perl function "f"`, `PL/Python function "f", line 2`, `in PL/Tcl function "f"`, `PL/Perl anonymous code block`.
 * https://github.com/postgres/postgres/blob/master/src/pl/plperl/plperl.c (plperl_exec_callback)
 */
const ofAnother =
  /^(?:in )?PL\/(?!pgSQL)(\w{1,30}) (?:function|procedure|trigger function|anonymous code block)(?: "[^"\n]{0,300}")?/;

/** PL/v8's: `f() LINE 3: …`. */
const ofScript = /^\S{1,200}\(\) LINE \d{1,6}: /;

/** The routine with which a text begins. Null: it begins with something else. */
export function routineFrame(text: string): RoutineFrame | null {
  const [own, , called = "", place = ""] = ofPlpgsql.exec(text) ?? [];
  if (own !== undefined) return { language: "pgSQL", name: called, place, whole: own };
  const [whole, language = "v8"] = ofAnother.exec(text) ?? ofScript.exec(text) ?? [];
  return whole === undefined ? null : { language, name: "", place: "", whole };
}

const another =
  /(?:^|\s)PL\/(?!pgSQL)\w{1,30} (?:function|procedure|trigger function|anonymous code block)\b/;

/**
 * Words of another server, which postgres_fdw and dblink pass on, with its own CONTEXT before their line.
 * https://github.com/postgres/postgres/blob/master/contrib/dblink/dblink.c (dblink_res_error)
 */
const ofRemote =
  /(?:^|\s)(?:remote SQL command: |while [^\n]{1,200}? on (?:unnamed dblink connection\b|dblink connection named ))/;

/**
 * Whether a message is in an application's own words, by its CONTEXT: by RAISE or ASSERT, by another server, or by code in
 * another language, which hides what went wrong inside of it: an ERROR wherever it comes from, of all else what it says
 * itself.
 * https://www.postgresql.org/docs/current/plpgsql-errors-and-messages.html
 */
export function isRaisedIn(context: string, level: string): boolean {
  if (ofScript.test(context) || ofAnother.test(context) || ofRemote.test(context)) return true;
  if (level === "ERROR" && another.test(context)) return true;
  if (!context.startsWith("PL/pgSQL function ")) return false;
  const frame = routineFrame(context);
  // A name that cannot be told from what stands behind it.
  if (frame === null) return /\bat (?:RAISE|ASSERT)\b/.test(context);
  return / at (?:RAISE|ASSERT)$/.test(frame.place);
}
